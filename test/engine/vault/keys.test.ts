import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { createVault, keyFromText, KeyRing } from '../../../src/engine/vault/index.js'
import { context, failureOf, keyBytes, ringOf, shut, vaultOf } from './kit.js'

const noValues = { list: () => [] }
const opens = async (vault: ReturnType<typeof vaultOf>, envelope: string) =>
  (await vault.open(envelope, context, 'test')).reveal()

describe('a key', () => {
  it.each([
    ['no bytes', new Uint8Array(0)],
    ['31 bytes', keyBytes('k').subarray(1)],
    ['33 bytes', Uint8Array.of(1, ...keyBytes('k'))],
    ['zeros', new Uint8Array(32)],
    ['one byte repeated', new Uint8Array(32).fill(0xa7)],
    ['two bytes repeated', Uint8Array.from({ length: 32 }, (_, i) => (i % 2 ? 0xa7 : 0x13))],
    ['half a key twice', Uint8Array.of(...keyBytes('k').subarray(16), ...keyBytes('k').subarray(16))],
    ['a passphrase of 32 characters', new TextEncoder().encode('correct horse battery staple 32!')],
    ['a text', 'correct horse battery staple 32!' as unknown as Uint8Array],
    ['nothing', undefined as unknown as Uint8Array],
  ])('is refused when it is %s, given as bytes or by a provider', async (_, bytes) => {
    expect(() => new KeyRing().add('k1', bytes)).toThrow(
      expect.objectContaining({ code: 'VAULT_INVALID_KEY' }),
    )
    const keys = new KeyRing().add('k1', async () => bytes)
    expect(await failureOf(createVault({ keys }).seal('token', context))).toMatchObject({
      code: 'VAULT_INVALID_KEY',
    })
  })

  it('is read from hexadecimal, base64url and base64', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => 255 - i * 5)
    const buffer = Buffer.from(bytes)
    const texts = [
      buffer.toString('hex'),
      buffer.toString('hex').toUpperCase(),
      buffer.toString('base64url'),
      buffer.toString('base64'),
    ]
    expect(texts[3]).toMatch(/[+/].*=$/)
    for (const text of texts) expect(keyFromText(text)).toEqual(bytes)
  })

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['a passphrase', 'correct horse battery staple'],
    ['hexadecimal, a digit short', 'a1'.repeat(32).slice(1)],
    ['base64url of 31 bytes', Buffer.from(keyBytes('k').subarray(1)).toString('base64url')],
    ['base64url with bits to spare', `${Buffer.from(keyBytes('k')).toString('base64url').slice(0, -1)}B`],
    ['surrounded by white space', ` ${Buffer.from(keyBytes('k')).toString('base64url')}`],
    ['hexadecimal zeros', '0'.repeat(64)],
    ['43 equal characters', 'A'.repeat(43)],
  ])('is refused when its text is %s', (_, text) => {
    expect(() => keyFromText(text)).toThrow(expect.objectContaining({ code: 'VAULT_INVALID_KEY' }))
  })

  it('is copied: the ring keeps its own when the caller wipes theirs', async () => {
    const bytes = keyBytes('k1')
    const vault = createVault({ keys: new KeyRing().add('k1', bytes) })
    bytes.fill(0)
    expect(await opens(vaultOf(), await vault.seal('token', context))).toBe('token')
  })

  it('does not show in the ring, the vault or an error', async () => {
    const bytes = keyBytes('k1')
    const keys = new KeyRing().add('k1', bytes)
    const vault = createVault({ keys })
    const failure = await vault.open('wv1', context, 'test').catch((error: unknown) => error)
    const shown = [keys, vault, failure].flatMap((thing) => [
      inspect(thing, { showHidden: true, depth: 9, getters: true }),
      JSON.stringify(thing),
    ])
    const forms = [
      Buffer.from(bytes).toString('hex'),
      Buffer.from(bytes).toString('base64url').slice(0, 12),
      Array.from(bytes.subarray(0, 6)).join(', '),
    ]
    for (const form of forms) expect(shown.join('\n')).not.toContain(form)
  })
})

describe('a key ring', () => {
  it('seals under its first key until another is promoted, and opens under both', async () => {
    const vault = vaultOf({ keys: ringOf('k1', 'k2') })
    expect(vault.keys.list()).toEqual([
      { kid: 'k1', state: 'primary' },
      { kid: 'k2', state: 'active' },
    ])
    const before = await vault.seal('before', context)
    await vault.keys.promote('k2')
    const after = await vault.seal('after', context)
    expect([before, after].map((envelope) => envelope.split('.')[1])).toEqual(['k1', 'k2'])
    expect(await opens(vault, before)).toBe('before')
    expect(await opens(vault, after)).toBe('after')
    expect(vault.keys.list().map(({ state }) => state)).toEqual(['active', 'primary'])
  })

  it('refuses values under a retired key with the one error, and the id for good', async () => {
    const vault = vaultOf({ keys: ringOf('k1', 'k2') })
    const envelope = await vault.seal('token', context)
    await vault.keys.promote('k2')
    await vault.keys.retire('k1', noValues)
    expect(await failureOf(vault.open(envelope, context, 'test'))).toEqual(shut)
    expect(vault.keys.list()[0]).toEqual({ kid: 'k1', state: 'retired' })
    expect(await failureOf(vault.keys.promote('k1'))).toMatchObject({ code: 'VAULT_KEY_RETIRED' })
    expect(() => vault.keys.add('k1', keyBytes('k1'))).toThrow(
      expect.objectContaining({ code: 'VAULT_KEY_EXISTS' }),
    )
    await vault.keys.retire('k1', noValues)
  })

  it('opens by key id alone: the same key under another id does not open', async () => {
    const envelope = await vaultOf().seal('token', context)
    const twins = createVault({ keys: new KeyRing().add('a', keyBytes('k1')).add('b', keyBytes('k1')) })
    expect(await failureOf(twins.open(envelope, context, 'test'))).toEqual(shut)
    expect(await failureOf(twins.open(envelope.replace('.k1.', '.a.'), context, 'test'))).toEqual(shut)
  })

  it('refuses to retire its primary key, and knows its keys by id', async () => {
    const keys = ringOf('k1', 'k2')
    expect(await failureOf(keys.retire('k1', noValues))).toMatchObject({
      code: 'VAULT_KEY_IN_USE',
      message: expect.stringContaining('promote another one first: keys.promote(kid)'),
    })
    expect(await failureOf(keys.retire('k9', noValues))).toMatchObject({ code: 'VAULT_KEY_NOT_FOUND' })
    expect(await failureOf(keys.promote('k9'))).toMatchObject({ code: 'VAULT_KEY_NOT_FOUND' })
    for (const kid of ['', 'K', 'a.b', 'ä', 'k'.repeat(41), undefined]) {
      expect(() => keys.add(kid as string, keyBytes('x'))).toThrow(
        expect.objectContaining({ code: 'VAULT_INVALID_KEY_ID' }),
      )
    }
  })

  it('cannot seal while it is empty', async () => {
    const vault = createVault({ keys: new KeyRing() })
    expect(vault.keys.primary).toBeUndefined()
    expect(await failureOf(vault.seal('token', context))).toMatchObject({ code: 'VAULT_NO_PRIMARY_KEY' })
  })
})

describe('a key from a provider', () => {
  it('is fetched once, when it is first needed, however many need it', async () => {
    const provider = vi.fn(async () => keyBytes('k1'))
    const vault = createVault({ keys: new KeyRing().add('k1', provider) })
    expect(provider).not.toHaveBeenCalled()
    const envelopes = await Promise.all(Array.from({ length: 20 }, () => vault.seal('token', context)))
    await Promise.all(envelopes.map((envelope) => vault.open(envelope, context, 'test')))
    expect(provider).toHaveBeenCalledTimes(1)
  })

  it('says that the provider failed, without its secrets, and asks again', async () => {
    const provider = vi
      .fn<() => Promise<Uint8Array>>()
      .mockRejectedValueOnce(new Error('503 for Authorization: Bearer kms-credential'))
      .mockResolvedValue(keyBytes('k1'))
    const vault = createVault({ keys: new KeyRing().add('k1', provider) })
    expect(await failureOf(vault.seal('token', context))).toEqual({
      name: 'VaultError',
      code: 'VAULT_KEY_UNAVAILABLE',
      message: 'The key provider did not give the key: 503 for Authorization: Bearer [secret]',
      cause: undefined,
    })
    expect(await opens(vault, await vault.seal('token', context))).toBe('token')
  })

  it('says what was thrown when that is no error', async () => {
    const thrown = ['no such key', { code: 17 }, Object.create(null), undefined, { message: 'access denied' }]
    const messages = thrown.map(async (value) => {
      const vault = createVault({ keys: new KeyRing().add('k1', async () => Promise.reject(value)) })
      return failureOf(vault.seal('token', context))
    })
    expect(await Promise.all(messages)).toEqual(
      ['no such key', 'it threw object', 'it threw object', 'it threw nothing', 'access denied'].map(
        (reason) =>
          expect.objectContaining({
            code: 'VAULT_KEY_UNAVAILABLE',
            message: `The key provider did not give the key: ${reason}`,
          }),
      ),
    )
  })

  it('does not become primary when it cannot be had', async () => {
    const keys = ringOf('k1').add('k2', async () => Promise.reject(new Error('access denied')))
    expect(await failureOf(keys.promote('k2'))).toMatchObject({ code: 'VAULT_KEY_UNAVAILABLE' })
    expect(keys.primary).toBe('k1')
  })
})
