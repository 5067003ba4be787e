import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyFix,
  audit,
  describeWorld,
  explain,
  ExplanationSchema,
  render,
  renderFormats,
  resolve,
  toErrorDetails,
  type Explanation,
  type Resolution,
  type World,
} from '@weavz/sdk/resolver'
import * as z from 'zod/mini'
import { oracle } from './oracle.js'
import { foreignValues, requestArbitrary, worldArbitrary } from './worlds.js'

const runs = { numRuns: 600 }
const given = fc.tuple(worldArbitrary, requestArbitrary)

function verdict(answer: Resolution | Explanation['outcome']): string {
  if (answer.outcome === 'denied') return `${answer.status} ${answer.code} ${answer.reason ?? '-'}`
  const id = 'connectionId' in answer ? answer.connectionId : answer.connection?.id
  return `runs: ${id ?? 'none'}`
}

describe('in any world, for any request', () => {
  it('resolve and explain agree with each other', () => {
    fc.assert(
      fc.property(given, ([plain, request]) => {
        const world = describeWorld(plain)
        const answer = resolve(world, request)
        const { outcome } = explain(world, request)
        expect(verdict(outcome)).toBe(verdict(answer))
        if (answer.outcome !== 'denied' && outcome.outcome !== 'denied') expect(outcome.via).toBe(answer.via)
      }),
      runs,
    )
  })

  it('resolve agrees with a naive reading of the prose, up to equally recent connections', () => {
    fc.assert(
      fc.property(given, ([plain, request]) => {
        // Equal times are decided by id, which the documentation leaves open.
        const connections = plain.connections.map((each, index) => ({
          ...each,
          updatedAt: new Date(Date.UTC(2025, 0, 1 + index)).toISOString(),
        }))
        const world = { ...plain, connections }
        expect(verdict(resolve(describeWorld(world), request))).toBe(oracle(world, request))
      }),
      runs,
    )
  })

  it('the order of storage never matters', () => {
    const shuffled = given.chain(([plain, request]) =>
      fc
        .record({
          workspaceIntegrations: fc.shuffledSubarray(plain.workspaceIntegrations, {
            minLength: plain.workspaceIntegrations.length,
          }),
          connections: fc.shuffledSubarray(plain.connections, { minLength: plain.connections.length }),
          endUsers: fc.shuffledSubarray(plain.endUsers, { minLength: plain.endUsers.length }),
        })
        .map((lists) => ({ plain, request, other: { ...plain, ...lists } })),
    )
    fc.assert(
      fc.property(shuffled, fc.nat(3), ({ plain, request, other }, candidates) => {
        expect(explain(describeWorld(other), request, { candidates })).toEqual(
          explain(describeWorld(plain), request, { candidates }),
        )
        expect(audit(describeWorld(other))).toEqual(audit(describeWorld(plain)))
      }),
      runs,
    )
  })

  it('a rejected candidate has a false predicate; the selected one and the shadowed ones have none', () => {
    fc.assert(
      fc.property(given, ([plain, request]) => {
        const { candidates, outcome } = explain(describeWorld(plain), request)
        for (const { verdict, predicates, shadowedBy } of candidates) {
          expect(predicates.every(({ holds }) => holds)).toBe(verdict !== 'rejected')
          expect(shadowedBy !== null).toBe(verdict === 'shadowed')
        }
        const selected = candidates.filter(({ verdict }) => verdict === 'selected')
        const expected =
          outcome.outcome !== 'denied' && outcome.connectionId !== null ? [outcome.connectionId] : []
        expect(selected.map(({ connectionId }) => connectionId)).toEqual(expected)
      }),
      runs,
    )
  })

  it('each fix reaches the outcome that it promises, and none promises a refusal', () => {
    let fixes = 0
    fc.assert(
      fc.property(given, ([plain, request]) => {
        const world = describeWorld(plain)
        const explanation = explain(world, request, { fixes: 20 })
        for (const fix of explanation.fixes) {
          fixes += 1
          const after = applyFix({ world, request }, fix)
          expect(fix.reaches.outcome).not.toBe('denied')
          expect(verdict(resolve(after.world, after.request))).toBe(verdict(fix.reaches))
        }
        const costs = explanation.fixes.map(({ cost }) => cost)
        expect(costs).toEqual([...costs].sort((a, b) => a - b))
        if (explanation.outcome.outcome !== 'denied') expect(explanation.fixes).toEqual([])
      }),
      runs,
    )
    expect(fixes).toBeGreaterThan(runs.numRuns / 2)
  })

  it('a missing field that comes with an example changes the answer', () => {
    fc.assert(
      fc.property(given, ([plain, request]) => {
        const world = describeWorld(plain)
        const before = verdict(resolve(world, request))
        for (const { field, example } of explain(world, request).missing) {
          if (example !== null)
            expect(verdict(resolve(world, { ...request, [field]: example }))).not.toBe(before)
        }
      }),
      runs,
    )
  })

  it('an explanation for an end user names nothing of other workspaces and other end users', () => {
    fc.assert(
      fc.property(given, ([plain, request]) => {
        const explanation = explain(describeWorld(plain), request, { audience: 'end-user' })
        const foreign = foreignValues(plain, request)
        for (const format of renderFormats) {
          const text = render(explanation, format).replaceAll('\\', '')
          expect(foreign.filter((value) => text.includes(value))).toEqual([])
        }
      }),
      runs,
    )
  })

  it('the details of an error name nothing of other workspaces', () => {
    fc.assert(
      fc.property(given, ([plain, request]) => {
        const world = describeWorld(plain)
        const answer = resolve(world, request)
        if (answer.outcome !== 'denied') return
        const text = JSON.stringify([answer.message, toErrorDetails(world, request, answer) ?? null])
        const elsewhere = foreignValues(plain, request).filter(
          (value) =>
            !plain.endUsers.some(
              (each) =>
                each.workspaceId === request.workspaceId && [each.id, each.externalId].includes(value),
            ) &&
            !plain.connections.some(
              (each) =>
                each.workspaceId === request.workspaceId && [each.id, each.externalId].includes(value),
            ),
        )
        expect(elsewhere.filter((value) => text.includes(value))).toEqual([])
      }),
      runs,
    )
  })

  it('JSON keeps to the documented schema and loses nothing', () => {
    const schema = strict(ExplanationSchema)
    fc.assert(
      fc.property(
        given,
        fc.constantFrom('developer', 'workspace', 'end-user'),
        ([plain, request], audience) => {
          const explanation = explain(describeWorld(plain), request, { audience: audience as 'developer' })
          const parsed = JSON.parse(render(explanation, 'json')) as unknown
          expect(parsed).toEqual(explanation)
          expect(z.safeParse(schema, parsed).success).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('nothing but facts is read: a row that holds a secret is never asked for it', () => {
    fc.assert(
      fc.property(given, ([plain, request]) => {
        const world = guarded(describeWorld(plain))
        resolve(world, request)
        explain(world, request)
        explain(world, request, { audience: 'end-user' })
      }),
      { numRuns: 500 },
    )
  })
})

/** Unknown keys are a mistake here, though not for readers. */
function strict(schema: typeof ExplanationSchema) {
  return z.strictObject(schema.shape)
}

const facts = new Set([
  'id',
  'name',
  'auth',
  'workspaceId',
  'integrationName',
  'alias',
  'connectionStrategy',
  'connectionId',
  'authMethodKey',
  'enabledActions',
  'settings',
  'externalId',
  'scope',
  'status',
  'endUserId',
  'updatedAt',
  'outcome',
])

/** The same world, whose rows also hold a sealed credential and throw when anything but a documented fact is read. */
function guarded(world: World): World {
  const guardRow = <T extends object>(row: T): T =>
    new Proxy(
      { ...row, sealed: 'xoxb-secret' },
      {
        get(target, property) {
          if (typeof property === 'string' && !facts.has(property)) throw new Error(`read ${property}`)
          return Reflect.get(target, property) as unknown
        },
      },
    )
  const rows = new Map<object, object>()
  const guard = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(guard)
    if (typeof value !== 'object' || value === null) return value
    const known = rows.get(value)
    if (known) return known
    const row = guardRow(value)
    rows.set(value, row)
    return row
  }
  return new Proxy(world, {
    get(target, property) {
      const method = Reflect.get(target, property) as (...args: unknown[]) => unknown
      return (...args: unknown[]) => guard(method.apply(target, args))
    },
  })
}
