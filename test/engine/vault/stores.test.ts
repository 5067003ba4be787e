import { describe, expect, it } from 'vitest'
import type { SealedEntry } from '../../../src/engine/vault/index.js'
import { anything, context, keyBytes, refusalOf, refused, ringOf, vaultOf } from './kit.js'

describe('a store that is none', () => {
  const rotated = async () => {
    const vault = vaultOf({ keys: ringOf('k1', 'k2') })
    const entry = { id: 'row', envelope: await vault.seal('token', context), context }
    await vault.keys.promote('k2')
    return { vault, entry }
  }

  it.each([
    ['nothing', undefined, '`list`, received nothing'],
    ['null', null, '`list`, received null'],
    ['a Map', new Map(), '`list`'],
    ['a list', [], '`list`, received array'],
    ['a promise', Promise.resolve({ list: () => [] }), 'received a promise: await it'],
    ['one with a list that is no function', { list: [], replace: () => true }, '`list`'],
  ])('is refused by reseal and by retire: %s', async (_, store, saying) => {
    const { vault } = await rotated()
    await refused(() => vault.reseal(anything(store)), 'VAULT_INVALID_ARGUMENT', saying)
    await refused(() => vault.keys.retire('k1', anything(store)), 'VAULT_INVALID_ARGUMENT', saying)
    expect(vault.keys.list()[0]).toEqual({ kid: 'k1', state: 'active' })
  })

  it('is refused by reseal alone when it has no replace, before anything is opened', async () => {
    const { vault } = await rotated()
    const store = { list: () => [] }
    await refused(() => vault.reseal(anything(store)), 'VAULT_INVALID_ARGUMENT', '`replace`')
    await vault.keys.retire('k1', store)
  })

  it.each([
    ['a promise of a list', () => Promise.resolve([]), 'async *list()'],
    ['nothing', () => undefined, 'received nothing'],
    ['a row', () => ({ id: 'row' }), 'received object'],
  ])('is refused when its list gives %s', async (_, list, saying) => {
    const { vault } = await rotated()
    const store = anything({ list, replace: () => true })
    await refused(() => vault.reseal(store), 'VAULT_INVALID_ARGUMENT', saying)
    await refused(() => vault.keys.retire('k1', store), 'VAULT_INVALID_ARGUMENT', saying)
  })

  it('never makes a key retire whose values it lists under another name', async () => {
    const { vault, entry } = await rotated()
    for (const row of [{ ...entry, envelope: undefined, sealed: entry.envelope }, entry.envelope, null]) {
      const store = anything({ list: () => [row], replace: () => true })
      const saying = 'entry of `list` must have an `envelope`'
      await refused(() => vault.keys.retire('k1', store), 'VAULT_INVALID_ARGUMENT', saying)
      await refused(() => vault.reseal(store), 'VAULT_INVALID_ARGUMENT', saying)
    }
    expect((await vault.open(entry.envelope, context, 'test')).reveal()).toBe('token')
  })

  it('is refused when its replace does not say whether it did, and no value is lost', async () => {
    const { vault, entry } = await rotated()
    const rows: SealedEntry[] = [entry]
    const store = {
      list: () => rows,
      replace: (_id: string, _expected: string, envelope: string) => void (rows[0] = { ...entry, envelope }),
    }
    await refused(
      () => vault.reseal(anything(store)),
      'VAULT_INVALID_ARGUMENT',
      '`replace` of the store must answer true or false, received nothing',
    )
    expect((await vault.open(rows[0]!.envelope, context, 'test')).reveal()).toBe('token')
  })

  it('passes its own errors on as they are', async () => {
    const { vault } = await rotated()
    const broken = new Error('connection lost')
    const list = () => {
      throw broken
    }
    await expect(vault.reseal({ list, replace: () => true })).rejects.toBe(broken)
    await expect(vault.keys.retire('k1', { list })).rejects.toBe(broken)
  })

  it('is closed again when the reading of it ends early', async () => {
    const { vault, entry } = await rotated()
    let open = 0
    async function* list() {
      open++
      try {
        yield entry
      } finally {
        open--
      }
    }
    await refused(() => vault.keys.retire('k1', { list }), 'VAULT_KEY_IN_USE', 'vault.reseal(store)')
    expect(open).toBe(0)
  })
})

describe('the options of reseal', () => {
  const reseal = (options: unknown) => () =>
    vaultOf().reseal({ list: () => [], replace: () => true }, anything(options))

  it.each([
    ['null', null, 'reseal takes { signal }'],
    ['the signal itself', new AbortController().signal, 'reseal takes { signal }'],
    ['a misspelt one', { signl: new AbortController().signal }, '"signl". Did you mean "signal"?'],
    ['a controller as signal', { signal: new AbortController() }, '`signal` must be an AbortSignal'],
    ['null as signal', { signal: null }, '`signal` must be an AbortSignal, received null'],
  ])('are refused when they are %s', async (_, options, saying) => {
    await refused(reseal(options), 'VAULT_INVALID_ARGUMENT', saying)
  })

  it('show no key that came in the place of a name', async () => {
    const pastedKey = Buffer.from(keyBytes('pasted')).toString('base64url')
    expect((await refusalOf(reseal({ [pastedKey]: 1 }))).message).not.toContain(pastedKey)
  })
})
