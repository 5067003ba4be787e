import type { ApprovalDecision, ApprovalSource, ApprovalVerdict } from '../../contract/approval-policies.js'
import type { ConnectionStrategy } from '../../contract/workspace-integrations.js'
import type { PolicyTerms } from './policies.js'
import { rulesThatHold, type RuleFacts } from './rules.js'

/** What policies ask about a call. */
export interface CallFacts extends RuleFacts {
  readonly integrationName: string
  readonly actionName: string
  readonly workspaceId: string | null
  /** External id. */
  readonly endUserId: string | null
  readonly source: ApprovalSource
  readonly mcpServerId: string | null
  readonly workspaceIntegrationId: string | null
  readonly integrationAlias: string | null
  readonly connectionStrategy: ConnectionStrategy | null
}

/** The worst first. */
const severity: readonly ApprovalDecision[] = ['block', 'require_approval', 'notify_only', 'auto_approve']

/** The filters of a policy and what of a call each of them looks at. An absent or empty filter matches everything. */
const filters = {
  sources: (call) => call.source,
  mcpServerIds: (call) => call.mcpServerId,
  workspaceIntegrationIds: (call) => call.workspaceIntegrationId,
  integrationAliases: (call) => call.integrationAlias,
  integrationNames: (call) => call.integrationName,
  actionNames: (call) => call.actionName,
  connectionStrategies: (call) => call.connectionStrategy,
} satisfies Partial<Record<keyof PolicyTerms, (call: CallFacts) => string | null>>

/** Why a policy has nothing to say of a call; none if it matches. */
function mismatches(policy: PolicyTerms, call: CallFacts): string[] {
  const reasons: string[] = []
  if (!policy.enabled) reasons.push('enabled: the policy is switched off')
  if (policy.workspaceId !== null && policy.workspaceId !== call.workspaceId) {
    reasons.push('workspaceId: the call is of another workspace')
  }
  for (const [name, fact] of Object.entries(filters)) {
    const allowed: readonly string[] = policy[name as keyof typeof filters] ?? []
    const value = fact(call)
    if (allowed.length > 0 && (value === null || !allowed.includes(value))) {
      reasons.push(`${name}: ${value === null ? 'the call has none' : `does not list "${value}"`}`)
    }
  }
  if (policy.endUserMode === 'end_user_present' && call.endUserId === null) {
    reasons.push('endUserMode: the call names no end user')
  }
  if (policy.endUserMode === 'no_end_user' && call.endUserId !== null) {
    reasons.push('endUserMode: the call names an end user')
  }
  return reasons
}

/** What one policy says of a call: its decision, or `allow`; and why. */
export function verdictOf(policy: PolicyTerms, call: CallFacts): ApprovalVerdict {
  const reasons = mismatches(policy, call)
  if (reasons.length > 0) return { decision: 'allow', matched: false, reasons }
  if (policy.riskMode !== 'rules') {
    // There is no model offline: `model_assisted` takes every call for risky
    return { decision: policy.decision, matched: true, reasons: [`riskMode: ${policy.riskMode}`] }
  }
  const held = rulesThatHold(policy.rules ?? {}, call)
  return held.length > 0
    ? { decision: policy.decision, matched: true, reasons: held }
    : { decision: 'allow', matched: false, reasons: ['rules: none of them holds'] }
}

type Identified = PolicyTerms & { readonly id: string }

/** Negative if `a` goes before `b`: the lower priority, then the worse decision, then the lower id. */
function compare(a: Identified, b: Identified): number {
  return (
    a.priority - b.priority ||
    severity.indexOf(a.decision) - severity.indexOf(b.decision) ||
    (a.id < b.id ? -1 : 1)
  )
}

/** The one policy that applies to a call, whatever the order of `policies`; undefined if none matches. */
export function choosePolicy<P extends Identified>(
  policies: Iterable<P>,
  call: CallFacts,
): { readonly policy: P; readonly reasons: readonly string[] } | undefined {
  let chosen: { policy: P; reasons: readonly string[] } | undefined
  for (const policy of policies) {
    if (chosen && compare(chosen.policy, policy) < 0) continue
    const { matched, reasons } = verdictOf(policy, call)
    if (matched) chosen = { policy, reasons }
  }
  return chosen
}
