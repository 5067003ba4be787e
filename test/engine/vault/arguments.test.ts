import { describe, expect, it } from 'vitest'
import { createVault, keyFromText, Secret, VaultError } from '../../../src/engine/vault/index.js'
import { anything, context, keyBytes, ringOf, vaultOf } from './kit.js'

const odd: readonly unknown[] = [
  undefined,
  null,
  false,
  0,
  NaN,
  7n,
  '',
  'text',
  Symbol('symbol'),
  [],
  [[]],
  {},
  Object.create(null),
  new Proxy({}, {}),
  () => 1,
  new Date(0),
  new Map(),
  keyBytes('bytes'),
  Promise.resolve('later'),
  { then: 1 },
  new Secret('secret'),
]

const store = { list: () => [], replace: () => true }
const stored = (entry: object) => ({ ...store, list: () => [anything(entry)] })

async function roundTrip(options: object): Promise<void> {
  const vault = createVault(anything({ keys: ringOf('k1'), ...options }))
  await vault.open(await vault.seal('token', context), context, 'test')
}

/** Each way into the vault, with one argument left open. */
const ways: Readonly<Record<string, (value: never) => unknown>> = {
  'options of createVault': (value) => createVault(value),
  'its keys': (keys) => createVault({ keys }),
  'its random': (random) => roundTrip({ random }),
  'what its random gives': (bytes) => roundTrip({ random: { bytes: () => bytes } }),
  'its clock': (clock) => roundTrip({ clock }),
  'text of keyFromText': (value) => keyFromText(value),
  'id of add': (kid) => ringOf('k1').add(kid, keyBytes('k2')),
  'source of add': (source) => ringOf('k1').add('k2', source),
  'key from a provider': (key) =>
    ringOf('k1')
      .add('k2', () => key)
      .promote('k2'),
  'error of a provider': (error) =>
    ringOf('k1')
      .add('k2', () => Promise.reject(error))
      .promote('k2'),
  'id of promote': (kid) => ringOf('k1').promote(kid),
  'id of retire': (kid) => ringOf('k1').retire(kid, store),
  'store of retire': (value) => ringOf('k1', 'k2').retire('k2', value),
  'list of retire': (entries) => ringOf('k1', 'k2').retire('k2', { list: () => entries }),
  'entry of retire': (entry) => ringOf('k1', 'k2').retire('k2', stored(entry)),
  'store of reseal': (value) => vaultOf().reseal(value),
  'list of reseal': (entries) => vaultOf().reseal({ ...store, list: () => entries }),
  'entry of reseal': (entry) => vaultOf().reseal(stored(entry)),
  'context of an entry': (place) => vaultOf().reseal(stored({ id: '1', envelope: 'wv1', context: place })),
  'options of reseal': (options) => vaultOf().reseal(store, options),
  'its signal': (signal) => vaultOf().reseal(store, { signal }),
  'text of seal': (text) => vaultOf().seal(text, context),
  'context of seal': (place) => vaultOf().seal('token', place),
  'owner of a context': (owner) => vaultOf().seal('token', { ...context, owner }),
  'envelope of open': (envelope) => vaultOf().open(envelope, context, 'test'),
  'context of open': (place) => vaultOf().open('wv1', place, 'test'),
  'purpose of open': (purpose) => vaultOf().open('wv1', context, purpose),
  'listener of subscribe': (listener) => vaultOf().openings.subscribe(listener),
  'text of a Secret': (text) => new Secret(text),
}

describe('Whatever plain JavaScript passes, what fails is an error of the vault', () => {
  it.each(Object.entries(ways))('%s', async (_, way) => {
    let refusals = 0
    for (const value of odd) {
      try {
        await way(anything(value))
      } catch (error) {
        expect(error).toBeInstanceOf(VaultError)
        refusals++
      }
    }
    // Else the way would lead past the argument
    expect(refusals).toBeGreaterThan(odd.length / 2)
  })
})
