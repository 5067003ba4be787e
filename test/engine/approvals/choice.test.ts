import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { approvalDecisions, approvalSources, endUserModes } from '../../../src/contract/approval-policies.js'
import { choosePolicy, type CallFacts } from '../../../src/engine/approvals/match.js'
import type { ApprovalPolicyRow } from '../../../src/engine/approvals/policies.js'

const few = (...names: string[]) => fc.constantFrom(...names)
const filter = (...names: string[]) =>
  fc.option(fc.subarray(names, { minLength: 0 }), { nil: undefined, freq: 2 })

const workspaces = ['w1', 'w2']
const integrations = ['slack', 'stripe']
const actionNames = ['send', 'charge', 'delete']
const aliases = ['bot', 'user']
const strategies = ['fixed', 'per_user', 'per_user_with_fallback'] as const

const call: fc.Arbitrary<CallFacts> = fc.record({
  integrationName: few(...integrations),
  actionName: few(...actionNames),
  workspaceId: few(...workspaces),
  endUserId: fc.option(few('ada', 'bob')),
  source: fc.constantFrom(...approvalSources),
  mcpServerId: fc.option(few('m1', 'm2')),
  workspaceIntegrationId: fc.option(few('i1', 'i2')),
  integrationAlias: fc.option(few(...aliases)),
  connectionStrategy: fc.option(fc.constantFrom(...strategies)),
  input: fc.record({ amount: fc.integer({ min: 0, max: 4 }) }),
  actionCategories: fc.subarray(['FINANCE', 'payment']),
})

const policy = (id: string): fc.Arbitrary<ApprovalPolicyRow> =>
  fc.record({
    id: fc.constant(id),
    orgId: fc.constant('o'),
    name: fc.constant(id),
    workspaceId: fc.option(few(...workspaces)),
    description: fc.constant(null),
    enabled: fc.boolean(),
    priority: fc.integer({ min: 0, max: 2 }),
    sources: fc.subarray([...approvalSources]),
    mcpServerIds: filter('m1', 'm2'),
    workspaceIntegrationIds: filter('i1', 'i2'),
    integrationAliases: filter(...aliases),
    integrationNames: filter(...integrations),
    actionNames: filter(...actionNames),
    connectionStrategies: fc.option(fc.subarray([...strategies]), { nil: undefined }),
    endUserMode: fc.constantFrom(...endUserModes),
    decision: fc.constantFrom(...approvalDecisions),
    riskMode: fc.constantFrom('always', 'rules', 'model_assisted'),
    rules: fc.record({
      amountThresholds: fc.record({ amount: fc.integer({ min: 0, max: 4 }) }),
      actionCategories: fc.subarray(['finance']),
    }),
    timeoutSeconds: fc.constant(60),
    defaultOnTimeout: fc.constant('reject'),
    reuseWindowSeconds: fc.constant(null),
    approvalAccessMode: fc.constant('dashboard_only'),
    createdAt: fc.constant('t'),
    updatedAt: fc.constant('t'),
  })

const world = fc
  .uniqueArray(fc.integer({ min: 10, max: 99 }).map(String), { maxLength: 8 })
  .chain((ids) => fc.tuple(fc.tuple(...ids.map(policy)), call, fc.infiniteStream(fc.nat())))

/** The text of the documentation, word by word and without any cleverness. */
function documented(policies: readonly ApprovalPolicyRow[], call: CallFacts): string | undefined {
  const lets = (list: readonly unknown[] | undefined, value: unknown) =>
    list === undefined || list.length === 0 || list.includes(value)
  const matching = policies.filter((p) => {
    if (!p.enabled) return false
    if (p.workspaceId !== null && p.workspaceId !== call.workspaceId) return false
    if (!lets(p.sources, call.source)) return false
    if (!lets(p.mcpServerIds, call.mcpServerId)) return false
    if (!lets(p.workspaceIntegrationIds, call.workspaceIntegrationId)) return false
    if (!lets(p.integrationAliases, call.integrationAlias)) return false
    if (!lets(p.integrationNames, call.integrationName)) return false
    if (!lets(p.actionNames, call.actionName)) return false
    if (!lets(p.connectionStrategies, call.connectionStrategy)) return false
    if (p.endUserMode === 'end_user_present' && call.endUserId === null) return false
    if (p.endUserMode === 'no_end_user' && call.endUserId !== null) return false
    if (p.riskMode !== 'rules') return true
    const large = (call.input.amount as number) >= p.rules!.amountThresholds!.amount!
    const financial = p.rules!.actionCategories!.length > 0 && call.actionCategories.includes('FINANCE')
    return large || financial
  })
  const lowest = Math.min(...matching.map((p) => p.priority))
  const first = matching.filter((p) => p.priority === lowest)
  for (const decision of ['block', 'require_approval', 'notify_only', 'auto_approve']) {
    const ids = first.filter((p) => p.decision === decision).map((p) => p.id)
    if (ids.length > 0) return ids.sort()[0]
  }
  return undefined
}

describe('The choice of a policy', () => {
  it('is what the documentation says, whatever the order of the policies', () => {
    let chosen = 0
    fc.assert(
      fc.property(world, ([policies, call, chance]) => {
        const expected = documented(policies, call)
        const shuffled = policies
          .map((policy) => ({ policy, at: chance.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ policy }) => policy)
        expect(choosePolicy(policies, call)?.policy.id).toBe(expected)
        expect(choosePolicy(shuffled, call)?.policy.id).toBe(expected)
        if (expected !== undefined) chosen++
      }),
      { numRuns: 2000 },
    )
    // A property about policies that never match would say nothing
    expect(chosen).toBeGreaterThan(200)
  })

  it('says why its policy applies', () => {
    fc.assert(
      fc.property(world, ([policies, call]) => {
        const choice = choosePolicy(policies, call)
        if (choice) expect(choice.reasons.length).toBeGreaterThan(0)
      }),
    )
  })
})
