import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Opening, Purpose, VaultContext } from '../../../src/engine/vault/index.js'
import { context, failureOf, ringOf, vaultOf } from './kit.js'

describe('the opening log', () => {
  it('has one entry for each value that left the vault, with time, place, purpose and key', async () => {
    let now = 1_000
    const vault = vaultOf({ clock: { now: () => now } })
    const token = await vault.seal('token', context)
    const verifier = await vault.seal('verifier', { ...context, connectionId: null, field: 'codeVerifier' })
    await vault.open(token, context, 'execute')
    now = 2_000
    await vault.open(verifier, { ...context, connectionId: null, field: 'codeVerifier' }, 'refresh')
    const { connectionId } = context
    expect(vault.openings.list()).toEqual([
      { seq: 1, at: 1_000, connectionId, field: 'accessToken', purpose: 'execute', kid: 'k1' },
      { seq: 2, at: 2_000, connectionId: null, field: 'codeVerifier', purpose: 'refresh', kid: 'k1' },
    ])
    expect(vault.openings.count).toBe(2)
    expect(vault.openings.list(1).map(({ seq }) => seq)).toEqual([2])
  })

  it('names the place where the value was opened, also if the caller changes the context meanwhile', async () => {
    const vault = vaultOf()
    const envelope = await vault.seal('token', context)
    const changing: { -readonly [K in keyof VaultContext]: VaultContext[K] } = { ...context }
    const opening = vault.open(envelope, changing, 'test')
    changing.connectionId = 'another'
    changing.field = 'another'
    expect((await opening).reveal()).toBe('token')
    expect(vault.openings.list()[0]).toMatchObject({
      connectionId: context.connectionId,
      field: context.field,
    })
  })

  it('stays empty when nothing opens: sealing, resealing, rotation and every failure', async () => {
    const vault = vaultOf({ keys: ringOf('k1', 'k2') })
    const rows = [{ id: 'row', envelope: await vault.seal('token', context), context }]
    await vault.keys.promote('k2')
    const replace = (_id: string, _expected: string, next: string) => Boolean((rows[0]!.envelope = next))
    expect(await vault.reseal({ list: () => rows, replace })).toMatchObject({ resealed: 1, complete: true })
    await failureOf(vault.open('wv1', context, 'execute'))
    await failureOf(vault.open(rows[0]!.envelope, { ...context, field: 'other' }, 'execute'))
    expect(await failureOf(vault.open(rows[0]!.envelope, context, 'debug' as Purpose))).toMatchObject({
      code: 'VAULT_INVALID_PURPOSE',
    })
    expect(vault.openings.count).toBe(0)
    expect(vault.openings.list()).toEqual([])
  })

  it('tells its subscribers before the secret is handed out, until they stop', async () => {
    const vault = vaultOf()
    const envelope = await vault.seal('token', context)
    const heard: string[] = []
    const listener = ({ seq }: { seq: number }) => void heard.push(`opening ${seq}`)
    const [stop] = [vault.openings.subscribe(listener), vault.openings.subscribe(listener)]
    await vault.open(envelope, context, 'test').then(() => heard.push('secret'))
    stop!()
    await vault.open(envelope, context, 'test')
    expect(heard).toEqual(['opening 1', 'opening 1', 'secret', 'opening 2'])
  })

  it('hands out no secret that a subscriber could not record', async () => {
    const vault = vaultOf()
    const envelope = await vault.seal('token', context)
    vault.openings.subscribe(() => {
      throw new Error('audit log is full')
    })
    await expect(vault.open(envelope, context, 'execute')).rejects.toThrow('audit log is full')
  })

  it('cannot be rewritten by whoever reads it', async () => {
    const vault = vaultOf()
    await vault.open(await vault.seal('token', context), context, 'execute')
    const entries = vault.openings.list() as { -readonly [K in keyof Opening]: Opening[K] }[]
    expect(() => (entries[0]!.purpose = 'test')).toThrow(TypeError)
    entries.length = 0
    expect(vault.openings.list()).toHaveLength(1)
  })

  it('keeps the last 10 000 and goes on counting', async () => {
    const { OpeningLog } = await import('../../../src/engine/vault/openings.js')
    const log = new OpeningLog()
    const entry = { at: 0, connectionId: null, field: null, purpose: 'test', kid: 'k1' } as const
    for (let i = 0; i < 25_000; i++) log.record(entry)
    expect(log.count).toBe(25_000)
    const seqs = log.list().map(({ seq }) => seq)
    expect([seqs[0], seqs.at(-1), seqs.length]).toEqual([15_001, 25_000, 10_000])
  })
})

describe('a vault', () => {
  it('behaves like a plain map from places to texts, whatever is sealed, opened and rotated', async () => {
    const place = fc.constantFrom('a', 'b', 'c').map((field) => ({ ...context, field }))
    const text = fc.string({ unit: 'binary', maxLength: 80 }).filter((value) => !/\p{Surrogate}/u.test(value))
    const command = fc.oneof(
      fc.record({ do: fc.constant('seal' as const), place, text }),
      fc.record({ do: fc.constant('open' as const), place, from: place }),
      fc.record({ do: fc.constant('promote' as const), kid: fc.constantFrom('k1', 'k2', 'k3') }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
        const vault = vaultOf({ keys: ringOf('k1', 'k2', 'k3') })
        const model = new Map<string, string>()
        const sealed = new Map<string, string>()
        let openings = 0
        for (const step of commands) {
          if (step.do === 'promote') await vault.keys.promote(step.kid)
          if (step.do === 'seal') {
            model.set(step.place.field, step.text)
            sealed.set(step.place.field, await vault.seal(step.text, step.place))
          }
          if (step.do === 'open') {
            const [wanted, found] = [step.place.field, step.from.field]
            const opened = await vault.open(sealed.get(found) ?? '', step.place, 'test').then(
              (secret) => secret.reveal(),
              () => undefined,
            )
            expect(opened).toBe(wanted === found ? model.get(found) : undefined)
            if (opened !== undefined) openings++
          }
        }
        expect(vault.openings.count).toBe(openings)
      }),
      { numRuns: 60 },
    )
  })
})
