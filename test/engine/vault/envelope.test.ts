import { createDecipheriv, hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/engine/random.js'
import { context, failureOf, keyBytes, ringOf, shut, vaultOf } from './kit.js'

/** The specification once more, on another library: HKDF and GCM of node:crypto, the context written out by hand. */
function openByTheBook(envelope: string, key: Uint8Array, fields: readonly (string | null)[]): string {
  const [version, kid, ...encoded] = envelope.split('.') as [string, string, string, string, string]
  const [salt, commitment, sealed] = encoded.map((part) => Buffer.from(part, 'base64url')) as [
    Buffer,
    Buffer,
    Buffer,
  ]
  const encodedContext = Buffer.concat(
    fields.map((field) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(field === null ? 0xffffffff : Buffer.byteLength(field))
      return Buffer.concat([length, Buffer.from(field ?? '')])
    }),
  )
  const info = Buffer.concat([Buffer.from('weavz.vault.v1\0'), encodedContext])
  const okm = Buffer.from(hkdfSync('sha256', key, salt, info, 76))
  expect(okm.subarray(44).equals(commitment)).toBe(true)
  const decipher = createDecipheriv('aes-256-gcm', okm.subarray(0, 32), okm.subarray(32, 44))
  decipher.setAAD(Buffer.concat([Buffer.from(version + kid), salt, commitment, encodedContext]))
  decipher.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString('utf8')
}

const fields = [
  context.orgId,
  context.connectionId,
  'slack',
  'USER:0b5f6a3e-3333-4aaa-8bbb-000000000003:user:123',
  'OAUTH2',
  'accessToken',
]

const nowhere = {
  orgId: '',
  connectionId: null,
  integrationName: null,
  owner: null,
  credentialType: null,
  field: null,
}

/** Frozen: whoever changes the format can no longer open what is stored. */
const golden = [
  {
    text: '',
    place: context,
    envelope:
      'wv1.k1.AAcOFRwjKjE4P0ZNVFtiaXB3foWMk5qhqK-2vcTL0tk.B6r-PWj1oFam9XsIH0PMV2sE9eE7M65321_OfueJeK8.X9r-hzNPmziIHak7msDJQA',
  },
  {
    text: 'xoxb-golden-token',
    place: context,
    envelope:
      'wv1.k1.AAcOFRwjKjE4P0ZNVFtiaXB3foWMk5qhqK-2vcTL0tk.B6r-PWj1oFam9XsIH0PMV2sE9eE7M65321_OfueJeK8.Me57Ka9nPTO_4pnmzYtF4qYTP9-KnL3oen0mUl3BjmZ_',
  },
  {
    text: '“µ€𝄞”',
    place: nowhere,
    envelope:
      'wv1.k1.AAcOFRwjKjE4P0ZNVFtiaXB3foWMk5qhqK-2vcTL0tk.NfFpmG4S8ieN9uMlWd8vR2UUKszhwkxfpoilLF3g8PE.5tLFWLSojCwDI5S8pQXZwJau2zfgYnGzgBc8f4rsVw',
  },
]

describe('a sealed value', () => {
  it.each(golden)('has the frozen form for a fixed salt: $text', async ({ text, place, envelope }) => {
    const salt = Uint8Array.from({ length: 32 }, (_, i) => i * 7)
    const vault = vaultOf({ random: { bytes: () => salt } })
    expect(await vault.seal(text, place)).toBe(envelope)
    expect((await vault.open(envelope, place, 'test')).reveal()).toBe(text)
  })

  it('has a salt of its own even if the source of randomness gives one buffer again and again', async () => {
    const buffer = new Uint8Array(32)
    const vault = vaultOf({ random: { bytes: () => buffer.fill((buffer[0] as number) + 1) } })
    const sealed = await Promise.all(['a', 'a', 'a'].map((text) => vault.seal(text, context)))
    expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(3)
    for (const text of sealed) expect((await vault.open(text, context, 'test')).reveal()).toBe('a')
  })

  it('is what the specification says, by another implementation', async () => {
    const vault = vaultOf()
    for (const text of ['', 'a', 'xoxb-token', '“µ€𝄞”', '\ufeffmark', 'x'.repeat(65_536)]) {
      const envelope = await vault.seal(text, context)
      expect(envelope).toMatch(/^wv1\.k1\.[\w-]{43}\.[\w-]{43}\.[\w-]{22,}$/)
      expect(openByTheBook(envelope, keyBytes('k1'), fields)).toBe(text)
      expect((await vault.open(envelope, context, 'test')).reveal()).toBe(text)
    }
    const envelope = await vault.seal('bare', nowhere)
    expect(openByTheBook(envelope, keyBytes('k1'), ['', null, null, null, null, null])).toBe('bare')
  })

  it('differs each time the same text is sealed', async () => {
    const vault = vaultOf()
    const envelopes = await Promise.all(Array.from({ length: 50 }, () => vault.seal('same', context)))
    for (const part of [2, 3, 4]) {
      expect(new Set(envelopes.map((envelope) => envelope.split('.')[part])).size).toBe(50)
    }
  })

  it('opens again when many are sealed at once', async () => {
    const vault = vaultOf()
    const texts = Array.from({ length: 50 }, (_, i) => `secret ${i}`)
    const places = texts.map((_, i) => ({ ...context, field: `props.f${i}` }))
    const envelopes = await Promise.all(texts.map((text, i) => vault.seal(text, places[i]!)))
    const opened = await Promise.all(envelopes.map((envelope, i) => vault.open(envelope, places[i]!, 'test')))
    expect(opened.map((secret) => secret.reveal())).toEqual(texts)
  })

  it.each([
    ['too long by a byte', 'x'.repeat(65_537)],
    ['too long in UTF-8', '€'.repeat(22_000)],
    ['with a lone surrogate', 'a\ud800'],
    ['that is no text', 42 as unknown as string],
  ])('cannot be made of a value %s', async (_, text) => {
    expect(await failureOf(vaultOf().seal(text, context))).toMatchObject({ code: 'VAULT_INVALID_PLAINTEXT' })
  })
})

describe('an envelope that was tampered with', () => {
  const sealing = () => {
    const vault = vaultOf({ keys: ringOf('k1', 'k2'), random: seededRandom(7) })
    return { vault, seal: (text: string) => vault.seal(text, context) }
  }

  it('does not open with any single bit of its text flipped', async () => {
    const { vault, seal } = sealing()
    const envelope = await seal('token')
    const attempts: Promise<unknown>[] = []
    for (let at = 0; at < envelope.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = String.fromCharCode(envelope.charCodeAt(at) ^ (1 << bit))
        attempts.push(
          failureOf(vault.open(envelope.slice(0, at) + flipped + envelope.slice(at + 1), context, 'test')),
        )
      }
    }
    expect(attempts).toHaveLength(envelope.length * 8)
    for (const failure of await Promise.all(attempts)) expect(failure).toEqual(shut)
    expect((await vault.open(envelope, context, 'test')).reveal()).toBe('token')
  })

  it('does not open with any single bit of salt, commitment, ciphertext or tag flipped', async () => {
    const { vault, seal } = sealing()
    const parts = (await seal('token')).split('.')
    for (const part of [2, 3, 4]) {
      const bytes = Buffer.from(parts[part]!, 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = Buffer.from(bytes)
        flipped[bit >> 3]! ^= 1 << (bit & 7)
        const forged = parts.with(part, flipped.toString('base64url')).join('.')
        expect(await failureOf(vault.open(forged, context, 'test'))).toEqual(shut)
      }
    }
  })

  it('does not open truncated at any character, from either end, or extended', async () => {
    const { vault, seal } = sealing()
    const envelope = await seal('token')
    for (let length = 0; length < envelope.length; length++) {
      expect(await failureOf(vault.open(envelope.slice(0, length), context, 'test'))).toEqual(shut)
      expect(await failureOf(vault.open(envelope.slice(length + 1), context, 'test'))).toEqual(shut)
    }
    for (const more of ['A', 'AAAA', '.', '.AAAA', ' ', '\n', '=', '\0']) {
      expect(await failureOf(vault.open(envelope + more, context, 'test'))).toEqual(shut)
      expect(await failureOf(vault.open(more + envelope, context, 'test'))).toEqual(shut)
    }
  })

  it('does not open with any selection of its parts taken from another value', async () => {
    const { vault, seal } = sealing()
    const ours = (await seal('our token')).split('.')
    await vault.keys.promote('k2')
    const theirs = (await seal('their token')).split('.')
    // All sixteen but the two that are an envelope of ours or of theirs
    for (let choice = 1; choice < 15; choice++) {
      const mixed = ours.map((part, i) => (i > 0 && choice & (1 << (i - 1)) ? theirs[i] : part)).join('.')
      expect(await failureOf(vault.open(mixed, context, 'test'))).toEqual(shut)
    }
    for (const parts of [ours, theirs]) {
      expect((await vault.open(parts.join('.'), context, 'test')).reveal()).toMatch(/token$/)
    }
  })

  it.each([1449, 2000, 65_536])(
    'does not open where its end is no character of it, whatever was read before: %i characters',
    async (length) => {
      const vault = vaultOf({ keys: ringOf('k') })
      const envelope = await vault.seal('x'.repeat(length), context)
      for (const end of ['é', '€', '€A', 'A€', '𝄞', '𝄞A', '\ud800', '\ud800A']) {
        await vault.open(envelope, context, 'test')
        const changed = envelope.slice(0, -end.length) + end
        expect(await failureOf(vault.open(changed, context, 'test')), end).toEqual(shut)
      }
    },
  )

  it('has one spelling: padding, another alphabet, white space and stray bits are refused', async () => {
    const { vault, seal } = sealing()
    // 32 bytes end in a character of four bits, 16 bytes in one of two: the rest of it must be zero
    const envelope = await seal('')
    const [version, kid, salt, commitment, sealed] = envelope.split('.') as [
      string,
      string,
      string,
      string,
      string,
    ]
    const next = (text: string) => {
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) + 1]
    }
    for (const part of [salt, sealed]) {
      expect(Buffer.from(next(part), 'base64url')).toEqual(Buffer.from(part, 'base64url'))
    }
    const standard = (text: string) => text.replaceAll('-', '+').replaceAll('_', '/')
    const spellings = [
      [version, kid, next(salt), commitment, sealed],
      [version, kid, salt, next(commitment), sealed],
      [version, kid, salt, commitment, next(sealed)],
      [version, kid, salt + '=', commitment, sealed],
      [version, kid, salt, commitment, sealed + '='],
      [version, kid, salt, commitment, sealed.slice(0, 4) + '\n' + sealed.slice(4)],
      [version, kid, ` ${salt}`, commitment, sealed],
      [version, 'K1', salt, commitment, sealed],
      ['WV1', kid, salt, commitment, sealed],
      ['wv2', kid, salt, commitment, sealed],
      [version, kid, '', commitment, sealed],
    ].map((parts) => parts.join('.'))
    if (standard(envelope) !== envelope) spellings.push(standard(envelope))
    for (const spelling of spellings)
      expect(await failureOf(vault.open(spelling, context, 'test'))).toEqual(shut)
  })

  it.each([
    ['plain text', 'sk-live-plain-text-token'],
    ['an empty text', ''],
    ['dots', '....'],
    ['a JSON object', '{"v":1}'],
    ['undefined', undefined],
    ['null', null],
    ['an object', { toString: (): string => 'wv1' }],
    ['a text of 2 million dots', '.'.repeat(2_000_000)],
    ['a text of 2 million characters', `wv1.k1.${'A'.repeat(43)}.${'A'.repeat(43)}.${'A'.repeat(2_000_000)}`],
    ['an unknown key', `wv1.k9.${'A'.repeat(43)}.${'A'.repeat(43)}.${'A'.repeat(22)}`],
    [
      'the name of a property of every object',
      `wv1.__proto__.${'A'.repeat(43)}.${'A'.repeat(43)}.${'A'.repeat(22)}`,
    ],
    [
      'a key id of 41 characters',
      `wv1.${'k'.repeat(41)}.${'A'.repeat(43)}.${'A'.repeat(43)}.${'A'.repeat(22)}`,
    ],
  ])('that is %s is an error and never comes back as text', async (_, input) => {
    expect(await failureOf(vaultOf().open(input as string, context, 'test'))).toEqual(shut)
  })
})
