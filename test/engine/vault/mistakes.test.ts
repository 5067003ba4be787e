import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { createVault, keyFromText, KeyRing, Secret } from '../../../src/engine/vault/index.js'
import { anything, context, keyBytes, refusalOf, refused, ringOf, vaultOf } from './kit.js'

const pastedKey = Buffer.from(keyBytes('pasted')).toString('base64url')
const pastedHex = Buffer.from(keyBytes('pasted')).toString('hex')

describe('createVault', () => {
  it.each([
    ['nothing', undefined, 'createVault takes an object: createVault({ keys })'],
    ['null', null, 'createVault takes an object: createVault({ keys })'],
    ['a text', 'keys', 'createVault takes an object: createVault({ keys })'],
    ['no keys', {}, '`keys` must be a KeyRing, received nothing'],
    ['the ring itself', ringOf('k1'), '`keys` must be a KeyRing, received nothing'],
    ['a text as keys', { keys: pastedKey }, '`keys` must be a KeyRing, received string'],
    ['bytes as keys', { keys: keyBytes('k') }, '`keys` must be a KeyRing, received object'],
    ['a list of keys', { keys: [keyBytes('k')] }, '`keys` must be a KeyRing, received array'],
    ['a ring that is still to come', { keys: Promise.resolve(ringOf('k1')) }, 'received a promise: await it'],
    [
      'the ring of another copy of the package',
      { keys: { promote: () => 1 } },
      'another copy of the package',
    ],
    ['a stand-in for a ring', { keys: new Proxy(ringOf('k1'), {}) }, 'stands in for a KeyRing'],
    ['a function as random', { keys: ringOf('k1'), random: () => 4 }, '`random` must have a method `bytes`'],
    ['null as random', { keys: ringOf('k1'), random: null }, '`random` must have a method `bytes`'],
    [
      'a time as clock',
      { keys: ringOf('k1'), clock: 17 },
      '`clock` must have a method `now`, received number',
    ],
  ])('refuses %s at once', async (_, options, saying) => {
    await refused(() => createVault(anything(options)), 'VAULT_INVALID_ARGUMENT', saying)
  })

  it('shows how to make a ring to whoever has none', async () => {
    const { message } = await refusalOf(() => createVault(anything({})))
    expect(message).toContain("new KeyRing().add('2025-01', keyFromText(text))")
  })

  it.each([
    ['key', '"key". Did you mean "keys"?'],
    ['keyz', '"keyz". Did you mean "keys"?'],
    ['rondom', '"rondom". Did you mean "random"?'],
    ['clocks', '"clocks". Did you mean "clock"?'],
  ])('names the option that was meant by %s', async (name, saying) => {
    const options = { keys: ringOf('k1'), [name]: {} }
    await refused(() => createVault(options), 'VAULT_INVALID_ARGUMENT', saying)
  })

  it('says what a misspelt option is before it misses the one that was meant', async () => {
    const options = anything({ keyring: ringOf('k1') })
    await refused(() => createVault(options), 'VAULT_INVALID_ARGUMENT', 'only: keys, random, clock')
  })

  it.each([
    ['base64url', pastedKey],
    ['hexadecimal', pastedHex],
    ['a passphrase', 'correct horse battery staple'],
  ])('shows no key that was pasted in the place of a name: %s', async (_, name) => {
    const { message } = await refusalOf(() => createVault({ keys: ringOf('k1'), ...{ [name]: true } }))
    expect(message).toContain('only: keys, random, clock')
    expect(message).not.toContain(name.slice(0, 8))
  })

  it('takes options that are undefined for left out', async () => {
    const options = { keys: ringOf('k1'), random: undefined, clock: undefined, other: undefined }
    const vault = createVault(anything(options))
    expect((await vault.open(await vault.seal('token', context), context, 'test')).reveal()).toBe('token')
  })
})

describe('a key that is none', () => {
  const add = (source: unknown) => () => new KeyRing().add('k1', anything(source))

  it.each([
    ['a text', pastedKey, 'a text is no key: keyFromText(text) reads one'],
    ['nothing, as an unset variable gives', undefined, 'exactly 32 bytes are needed, received nothing'],
    ['16 bytes', keyBytes('k').subarray(16), 'exactly 32 bytes are needed, received 16'],
    ['a buffer without a view', keyBytes('k').buffer, 'exactly 32 bytes are needed, received object'],
    ['a promise', Promise.resolve(keyBytes('k')), 'give the function that fetches the key'],
  ])('is told from one: %s', async (_, source, saying) => {
    await refused(add(source), 'VAULT_INVALID_KEY', saying)
  })

  it('is told from one when a provider gave it', async () => {
    const keys = new KeyRing().add(
      'k1',
      anything(async () => pastedKey),
    )
    const { code, message } = await refusalOf(() => createVault({ keys }).seal('token', context))
    expect([code, message]).toEqual(['VAULT_INVALID_KEY', expect.stringContaining('keyFromText(text)')])
    expect(message).not.toContain(pastedKey)
  })

  it('is told from one when its text is no text', async () => {
    for (const text of [Buffer.from(pastedHex), [pastedHex], 42, null, Promise.resolve(pastedHex)]) {
      await refused(() => keyFromText(anything(text)), 'VAULT_INVALID_KEY', /a text is needed, received/)
    }
  })

  it('is told from one that a file gave with the end of its line', async () => {
    for (const text of [`${pastedHex}\n`, ` ${pastedKey}`]) {
      await refused(() => keyFromText(text), 'VAULT_INVALID_KEY', 'white space around it: trim it')
    }
  })

  it('is not what a Uint8Array of another realm is, as test runners have them', async () => {
    const foreign = runInNewContext('Uint8Array').from(keyBytes('k1'))
    expect(foreign).not.toBeInstanceOf(Uint8Array)
    const vault = createVault({ keys: new KeyRing().add('k1', foreign) })
    const sealed = await vault.seal('token', context)
    expect((await vaultOf().open(sealed, context, 'test')).reveal()).toBe('token')
  })
})

describe('a key ring that is asked for what it cannot do', () => {
  it('says what to do about an id', async () => {
    const keys = ringOf('2025-01', '2025-07')
    await refused(() => keys.add('2025-01', keyBytes('x')), 'VAULT_KEY_EXISTS', /another id.*: 2025-01$/)
    await refused(() => keys.promote('2025-7'), 'VAULT_KEY_NOT_FOUND', /Did you mean "2025-07"\?$/)
    await refused(() => keys.retire('202501', { list: () => [] }), 'VAULT_KEY_NOT_FOUND', '"2025-01"?')
    await refused(() => keys.promote('next'), 'VAULT_KEY_NOT_FOUND', 'add it first')
    await refused(() => keys.promote(anything(undefined)), 'VAULT_KEY_NOT_FOUND', 'add it first')
    await keys.promote('2025-07')
    await keys.retire('2025-01', { list: () => [] })
    await refused(() => keys.promote('2025-01'), 'VAULT_KEY_RETIRED', 'another id')
  })

  it('does not repeat a key that came in the place of an id', async () => {
    const keys = ringOf('k1')
    const store = { list: () => [] }
    for (const attempt of [
      () => keys.add(pastedKey, keyBytes('x')),
      () => keys.add(anything(keyBytes('x')), anything('k2')),
      () => keys.promote(pastedKey),
      () => keys.retire(pastedKey, store),
    ]) {
      expect((await refusalOf(attempt)).message).not.toContain(pastedKey.slice(0, 8))
    }
  })

  it('says how to get a key when it has none, before a store is read', async () => {
    const vault = createVault({ keys: new KeyRing() })
    await refused(() => vault.seal('token', context), 'VAULT_NO_PRIMARY_KEY', 'keys.add')
    const list = () => [{ id: 'row', envelope: 'plain text', context }]
    await refused(() => vault.reseal({ list, replace: () => true }), 'VAULT_NO_PRIMARY_KEY', 'keys.add')
  })
})

describe('a value that cannot be sealed', () => {
  it.each([
    ['an opened secret', new Secret('token'), 'received a Secret: seal what its reveal() gives'],
    ['nothing', undefined, 'received nothing'],
    ['bytes', keyBytes('token'), 'received object'],
    ['a promise', Promise.resolve('token'), 'received a promise: await it'],
  ])('is told what it is: %s', async (_, value, saying) => {
    await refused(() => vaultOf().seal(anything(value), context), 'VAULT_INVALID_PLAINTEXT', saying)
  })

  it('is not sealed with a salt that no envelope has room for', async () => {
    class Liar extends Uint8Array {
      override get length() {
        return 32
      }
    }
    const wrong = [
      new Uint8Array(16),
      new Liar(0),
      new Liar(40),
      new DataView(new ArrayBuffer(32)),
      undefined,
      Promise.resolve(keyBytes('salt')),
    ]
    for (const salt of wrong) {
      const vault = vaultOf({ random: { bytes: () => anything(salt) } })
      await refused(
        () => vault.seal('token', context),
        'VAULT_INVALID_ARGUMENT',
        '`random` must give the 32 bytes',
      )
    }
  })

  it('leaves no bytes of it behind', async () => {
    const encode = vi.spyOn(TextEncoder.prototype, 'encode')
    await refused(() => vaultOf().seal('€'.repeat(22_000), context), 'VAULT_INVALID_PLAINTEXT', '64 KiB')
    await refused(() => vaultOf().seal('token', anything({})), 'VAULT_INVALID_CONTEXT', 'orgId')
    const encoded = encode.mock.results.map(({ value }) => value as Uint8Array)
    encode.mockRestore()
    expect(encoded.map(({ length }) => length)).toContain(66_000)
    for (const bytes of encoded) expect(bytes.every((byte) => byte === 0)).toBe(true)
  })

  it('is not put into a Secret when it is no text', async () => {
    await refused(
      () => new Secret(anything(42)),
      'VAULT_INVALID_ARGUMENT',
      'Secret holds a text, received number',
    )
    await refused(() => new Secret(anything(new Secret('t'))), 'VAULT_INVALID_ARGUMENT', 'received object')
  })
})

describe('a listener that cannot be called', () => {
  it('is refused when it subscribes, not when a secret is opened', async () => {
    const vault = vaultOf()
    for (const listener of [undefined, 'listener', { next: () => undefined }]) {
      await refused(
        () => vault.openings.subscribe(anything(listener)),
        'VAULT_INVALID_ARGUMENT',
        'subscribe takes a function',
      )
    }
    const sealed = await vault.seal('token', context)
    expect((await vault.open(sealed, context, 'test')).reveal()).toBe('token')
  })
})

it('The log of openings is written by the vault alone', () => {
  expect(Object.keys(vaultOf().openings)).toEqual(['count', 'list', 'subscribe'])
  expect('record' in vaultOf().openings).toBe(false)
})
