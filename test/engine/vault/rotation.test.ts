import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  VaultError,
  type SealedEntry,
  type SealedStore,
  type Vault,
} from '../../../src/engine/vault/index.js'
import { context, failureOf, keyBytes, ringOf, vaultOf } from './kit.js'

type Hook = (step: number) => Promise<void> | void

/** A store that stops at every step that rotation takes on it, and what it should hold. */
class Rows implements SealedStore {
  readonly rows = new Map<string, SealedEntry>()
  readonly plain = new Map<string, string>()
  steps = 0
  hook: Hook = () => undefined

  constructor(readonly vault: Vault) {}

  place(id: string) {
    return { ...context, connectionId: id }
  }

  put(id: string, text: string, envelope: string): void {
    this.rows.set(id, { id, envelope, context: this.place(id) })
    this.plain.set(id, text)
  }

  async write(id: string, text: string): Promise<void> {
    this.put(id, text, await this.vault.seal(text, this.place(id)))
  }

  delete(id: string): void {
    this.rows.delete(id)
    this.plain.delete(id)
  }

  async *list(): AsyncGenerator<SealedEntry> {
    for (const entry of this.rows.values()) {
      await this.hook(++this.steps)
      yield entry
    }
    await this.hook(++this.steps)
  }

  async replace(id: string, expected: string, next: string): Promise<boolean> {
    await this.hook(++this.steps)
    const row = this.rows.get(id)
    if (row?.envelope !== expected) return false
    this.rows.set(id, { ...row, envelope: next })
    await this.hook(++this.steps)
    return true
  }

  kids(): string[] {
    return [...this.rows.values()].map(({ envelope }) => envelope.split('.')[1]!)
  }

  /** Every value opens to what was written last, and none is under a retired key. */
  async check(): Promise<void> {
    const retired = this.vault.keys.list().filter(({ state }) => state === 'retired')
    for (const { kid } of retired) expect(this.kids()).not.toContain(kid)
    for (const [id, { envelope }] of this.rows) {
      expect((await this.vault.open(envelope, this.place(id), 'test')).reveal()).toBe(this.plain.get(id))
    }
  }
}

async function filled(count = 4): Promise<Rows> {
  const rows = new Rows(vaultOf())
  for (let i = 0; i < count; i++) await rows.write(`c${i}`, `token ${i}`)
  return rows
}

/** A whole rotation, begun anew by whoever finds it unfinished. */
async function rotate(rows: Rows, kid: string): Promise<void> {
  const { keys } = rows.vault
  if (!keys.list().some((key) => key.kid === kid)) keys.add(kid, keyBytes(kid))
  if (keys.primary !== kid) await keys.promote(kid)
  const others = () => keys.list().filter((key) => key.state === 'active')
  while (others().length > 0) {
    expect((await rows.vault.reseal(rows)).failed).toEqual([])
    for (const { kid: old } of others()) {
      await keys.retire(old, rows).catch((error: unknown) => {
        if (!(error instanceof VaultError && error.code === 'VAULT_KEY_IN_USE')) throw error
      })
    }
  }
}

class Stop extends Error {}

describe('rotation', () => {
  it('brings every value under the new key, and then the old one can go', async () => {
    const rows = await filled()
    const before = [...rows.rows.values()].map(({ envelope }) => envelope)
    rows.vault.keys.add('k2', keyBytes('k2'))
    await rows.vault.keys.promote('k2')
    expect(await failureOf(rows.vault.keys.retire('k1', rows))).toMatchObject({
      code: 'VAULT_KEY_IN_USE',
      message: expect.stringContaining('values under it are in the store; vault.reseal(store) first'),
    })
    expect(await rows.vault.reseal(rows)).toEqual({ resealed: 4, failed: [], complete: true })
    expect(rows.kids()).toEqual(['k2', 'k2', 'k2', 'k2'])
    await rows.vault.keys.retire('k1', rows)
    await rows.check()
    expect(await rows.vault.reseal(rows)).toEqual({ resealed: 0, failed: [], complete: true })
    await expect(rows.vault.open(before[0]!, rows.place('c0'), 'test')).rejects.toThrow('does not open')
  })

  it('may die at any step: every value opens then, and whoever goes on finishes it', async () => {
    let finished = false
    let stops = 0
    for (let at = 1; !finished; at++) {
      const rows = await filled()
      rows.hook = (step) => {
        if (step === at) throw new Stop()
      }
      finished = await rotate(rows, 'k2').then(
        () => true,
        (error) => {
          expect(error).toBeInstanceOf(Stop)
          return false
        },
      )
      await rows.check()
      if (finished) break
      stops++
      rows.hook = () => undefined
      await rotate(rows, 'k2')
      expect(rows.kids()).toEqual(['k2', 'k2', 'k2', 'k2'])
      expect(rows.vault.keys.list()[0]).toEqual({ kid: 'k1', state: 'retired' })
      await rows.check()
    }
    // Two passes of resealing and one of retiring over four values, two steps for each of four replacements
    expect(stops).toBe(3 * 5 + 4 * 2)
  })

  it('stops when it is told to, between two values, and goes on from there', async () => {
    const rows = await filled()
    await rows.vault.keys.add('k2', keyBytes('k2')).promote('k2')
    const controller = new AbortController()
    const reason = new Error('deploying')
    rows.hook = (step) => (step === 4 ? controller.abort(reason) : undefined)
    await expect(rows.vault.reseal(rows, { signal: controller.signal })).rejects.toBe(reason)
    expect(rows.kids()).toEqual(['k2', 'k1', 'k1', 'k1'])
    await rows.check()
    expect(await rows.vault.reseal(rows)).toMatchObject({ resealed: 3, complete: true })
  })

  it('never loses a value that is written meanwhile, at whatever step and under whichever key', async () => {
    const id = fc.constantFrom('c0', 'c1', 'c2', 'c3', 'new')
    const write = fc.record({
      step: fc.integer({ min: 1, max: 30 }),
      id,
      kind: fc.constantFrom('write', 'late write', 'delete', 'promote back'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 8 }), async (writes) => {
        const rows = await filled()
        // A late write was sealed before the rotation, and its writer stores it only now
        const late = new Map<string, string>()
        for (const name of ['c0', 'c1', 'c2', 'c3', 'new']) {
          late.set(name, await rows.vault.seal(`late ${name}`, rows.place(name)))
        }
        let retiring = false
        rows.hook = async (step) => {
          for (const { id, kind } of writes.filter((write) => write.step === step)) {
            if (kind === 'write') await rows.write(id, `written at ${step}`)
            if (kind === 'delete') rows.delete(id)
            if (kind === 'late write' && !retiring) rows.put(id, `late ${id}`, late.get(id)!)
            if (kind === 'promote back' && !retiring) await rows.vault.keys.promote('k1')
          }
          await rows.check()
        }
        const { keys } = rows.vault
        keys.add('k2', keyBytes('k2'))
        for (let round = 0; round < 3; round++) {
          await keys.promote('k2')
          await rows.vault.reseal(rows)
          await rows.check()
        }
        // `retire` asks that writes from before the promotion have landed
        retiring = true
        await rotate(rows, 'k2')
        rows.hook = () => undefined
        await rows.check()
        expect(new Set(rows.kids())).toEqual(new Set(rows.rows.size ? ['k2'] : []))
      }),
      { numRuns: 60 },
    )
  })

  it('leaves a value alone that was replaced between reading and writing', async () => {
    const rows = await filled(1)
    await rows.vault.keys.add('k2', keyBytes('k2')).promote('k2')
    rows.hook = async (step) => {
      // 1: the value is listed; 2: the resealed one is about to be stored
      if (step === 2) await rows.write('c0', 'newer')
    }
    expect(await rows.vault.reseal(rows)).toEqual({ resealed: 0, failed: [], complete: true })
    expect(rows.plain.get('c0')).toBe('newer')
    await rows.check()
  })

  it('reports what does not open, leaves it as it is, and does not retire its key', async () => {
    const rows = await filled()
    const broken = rows.rows.get('c1')!
    const moved = { ...broken, context: rows.place('elsewhere') }
    rows.rows.set('c1', moved)
    rows.rows.set('c2', { ...rows.rows.get('c2')!, envelope: 'plain text' })
    await rows.vault.keys.add('k2', keyBytes('k2')).promote('k2')
    expect(await rows.vault.reseal(rows)).toEqual({ resealed: 2, failed: ['c1', 'c2'], complete: true })
    expect(rows.rows.get('c1')).toEqual(moved)
    expect(await failureOf(rows.vault.keys.retire('k1', rows))).toMatchObject({ code: 'VAULT_KEY_IN_USE' })
  })

  it('gives up, and says so, when somebody else seals under another key as fast as it reseals', async () => {
    const rows = await filled(1)
    await rows.vault.keys.add('k2', keyBytes('k2')).promote('k2')
    const other = vaultOf({ keys: ringOf('k1') })
    rows.hook = async () => rows.put('c0', 'again', await other.seal('again', rows.place('c0')))
    expect((await rows.vault.reseal(rows)).complete).toBe(false)
    await rows.check()
  })

  it('does not retire a key under which a value is still being sealed', async () => {
    const vault = vaultOf({ keys: ringOf('k1', 'k2') })
    await vault.keys.promote('k2')
    await vault.keys.promote('k1')
    const sealing = vault.seal('token', context)
    // The key is at hand, so that this promotion overtakes the sealing
    await vault.keys.promote('k2')
    const store = { list: () => [] }
    expect(await failureOf(vault.keys.retire('k1', store))).toMatchObject({
      code: 'VAULT_KEY_IN_USE',
      message: expect.stringContaining('it is sealing, or has just sealed, a value; let that be stored'),
    })
    expect((await vault.open(await sealing, context, 'test')).reveal()).toBe('token')
    await vault.keys.retire('k1', store)
  })

  it('does not retire a key that sealed again while the store was being read', async () => {
    const vault = vaultOf({ keys: ringOf('k1', 'k2') })
    await vault.keys.promote('k2')
    let envelope = ''
    const store = {
      async *list() {
        yield* []
        await vault.keys.promote('k1')
        envelope = await vault.seal('token', context)
        await vault.keys.promote('k2')
      },
    }
    expect(await failureOf(vault.keys.retire('k1', store))).toMatchObject({
      code: 'VAULT_KEY_IN_USE',
      message: expect.stringContaining('has just sealed'),
    })
    expect((await vault.open(envelope, context, 'test')).reveal()).toBe('token')
  })
})
