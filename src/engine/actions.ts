import type { ActionSucceeded, ApprovalRequired, ExecuteAction } from '../contract/actions.js'
import type { JsonObject } from '../contract/schema.js'
import type { ActionCall } from './action-registry.js'
import { approvalRequired, passGate, type GateOrigin, type GatedCall } from './approvals/gate.js'
import type { ApprovalRow } from './approvals/row.js'
import { findBuiltin } from './builtins/index.js'
import { mountFiles } from './builtins/storage.js'
import { callContext, targetOf } from './call-context.js'
import type { CatalogIntegration } from './catalog/catalog.js'
import { checkInput } from './catalog/input.js'
import { unknownOperation } from './catalog/unknown.js'
import type { Engine, Execution } from './engine.js'
import { failureText } from './failure.js'
import { copyJson, toJson } from './json.js'
import { mergeInput, type MergedInput } from './merge.js'
import { namespaceFor, type Namespace } from './persistence.js'
import { withFreshTokens } from './oauth/use.js'
import { countAction, inSandbox, refuseBeyondQuota } from './quotas.js'
import { Refusal } from './refusal.js'
import { integrationOf, resolveOrRefuse } from './refuse.js'
import type { Denied, Resolution } from './resolver/index.js'
import { resolutionRequest, type ResolutionRequest } from './resolver/request.js'
import type { WorkspaceIntegrationRow } from './rows.js'
import { getWorkspace } from './workspaces.js'

/** The built-ins that need a sandbox or a network, neither of which an offline Weavz has. */
const sandboxed = new Set(['code', 'advanced-code'])
const notOffline = new Set([...sandboxed, 'http', 'graphql', 'web-reader'])

/** What the door that a call came through adds to it; a caller cannot. */
export interface CallOrigin extends GateOrigin {
  /** The connection that an MCP tool has of its own. */
  readonly toolConnectionId?: string | null
  /** Values for what neither partials nor the caller give. */
  readonly inputDefaults?: JsonObject | null
}

/** A call for which everything is settled. */
interface SettledCall extends MergedInput {
  readonly body: ExecuteAction
  readonly target: WorkspaceIntegrationRow | null
  readonly answer: Exclude<Resolution, Denied>
  readonly namespace: Namespace | undefined
}

const noState: Namespace = new Map()

/** Goes through the checks in the documented order; the first that fails answers. */
function settle(
  engine: Engine,
  body: ExecuteAction,
  request: ResolutionRequest,
  { inputDefaults }: CallOrigin,
  hear: (input: JsonObject) => void = () => undefined,
): SettledCall {
  getWorkspace(engine, body.workspaceId)
  const entries = inputEntries(integrationOf(engine, request), body.actionName)
  const answer = resolveOrRefuse(engine, request)
  const target = targetOf(engine, answer)
  const { workspaceId, integrationName, actionName } = body
  const call = { workspaceId, integrationName, actionName, triggerName: null, target }
  const merged = mergeInput(engine, call, body.input ?? {}, body.partialIds, inputDefaults)
  hear(merged.input)
  const issues = checkInput('body.input', merged.input, entries)
  if (issues.length > 0) {
    const [first] = issues
    throw new Refusal('VALIDATION_ERROR', `${first?.path}: ${first?.message}`, { issues })
  }
  const namespace = namespaceFor(engine, workspaceId, request, target)
  const { input, partialIds, enforcedKeys } = merged
  return { body, input, partialIds, enforcedKeys, target, answer, namespace }
}

function inputEntries(integration: CatalogIntegration, actionName: string) {
  const action = Object.hasOwn(integration.actions, actionName) ? integration.actions[actionName] : undefined
  if (action) return action.input
  throw unknownOperation(integration, 'action', actionName)
}

/**
 * The last checks before an action runs. Nobody is asked to approve what could not run, and what waits for a person has
 * not run yet.
 *
 * @returns The request that a person must decide first; undefined if the call runs now.
 */
function admit(engine: Engine, call: SettledCall, origin: CallOrigin): ApprovalRow | undefined {
  refuseBeyondQuota(engine, 'monthlyActions')
  if (sandboxed.has(call.body.integrationName)) refuseBeyondQuota(engine, 'sandboxTime')
  const pending = passGate(engine, gated(call, origin))
  if (!pending) countAction(engine)
  return pending
}

/** What the action itself does: the test's handler, the built-in, or an echo that says it is one. */
async function run(engine: Engine, { body, input, answer, namespace }: SettledCall): Promise<unknown> {
  const { integrationName, actionName, workspaceId, endUserId } = body
  const handler = engine.actions.get(integrationName, actionName)
  if (handler) {
    const given = copyJson(input)
    const files = sandboxed.has(integrationName) && namespace ? mountFiles(namespace, engine.clock) : null
    const context = await callContext(engine, answer, workspaceId, endUserId)
    const { connection, credentials, endUser, workspaceIntegration } = context
    const call: ActionCall = {
      integrationName,
      actionName,
      workspaceId,
      input: given,
      files,
      connection,
      credentials,
      endUser,
      workspaceIntegration,
    }
    return sandboxed.has(integrationName) ? inSandbox(engine, () => handler(call)) : handler(call)
  }
  const builtin = findBuiltin(integrationName, actionName)
  if (builtin)
    return builtin({ input, ids: engine.ids, now: engine.clock.now(), namespace: namespace ?? noState })
  if (notOffline.has(integrationName)) {
    throw new Error(
      `"${integrationName}" is not executed offline: it needs a sandbox or a network. Give a handler for "${actionName}"`,
    )
  }
  return { mock: true, integrationName, actionName, input }
}

/**
 * Checks a call as far as that is possible without making it: all but quotas and approvals.
 *
 * @throws Refusal that `executeAction` would throw.
 */
export function checkAction(engine: Engine, body: ExecuteAction): void {
  settle(engine, body, resolutionRequest('execute', body), {})
}

/** Executes an action, unless a person must approve the call first. */
export async function executeAction(
  engine: Engine,
  body: ExecuteAction,
  origin: CallOrigin = {},
): Promise<ActionSucceeded | ApprovalRequired> {
  const { integrationName, actionName } = body
  let input = body.input ?? {}
  const tell = (outcome: Execution['outcome'], code: string | null = null) =>
    engine.observer?.executed({ integrationName, actionName, input, outcome, code })
  try {
    const result = await settleAndRun(engine, body, origin, (merged) => (input = merged))
    tell(result.success ? 'executed' : 'approval_required')
    return result
  } catch (error) {
    tell('refused', error instanceof Refusal ? error.code : null)
    throw error
  }
}

/** @param hear Hears the input that the action will get. */
async function settleAndRun(
  engine: Engine,
  body: ExecuteAction,
  origin: CallOrigin,
  hear: (input: JsonObject) => void,
): Promise<ActionSucceeded | ApprovalRequired> {
  const start = engine.clock.now()
  const request = resolutionRequest('execute', body, origin.toolConnectionId)
  let passed = false
  return withFreshTokens<SettledCall, ActionSucceeded | ApprovalRequired>(
    engine,
    () => settle(engine, body, request, origin, hear),
    async (call) => {
      // The second run of a call whose access token was refused is still the same call
      const pending = passed ? undefined : admit(engine, call, origin)
      if (pending) return approvalRequired(pending)
      passed = true
      const output = toJson(await run(engine, call))
      return { success: true, output, duration: engine.clock.now() - start }
    },
    (error) => (error instanceof Refusal ? error : new Refusal('ACTION_FAILED', failureText(engine, error))),
  )
}

function gated(
  { body, answer, target, input, partialIds, enforcedKeys }: SettledCall,
  origin: CallOrigin,
): GatedCall {
  return {
    origin,
    workspaceId: body.workspaceId,
    integrationName: body.integrationName,
    actionName: body.actionName,
    endUserId: body.endUserId ?? null,
    idempotencyKey: body.idempotencyKey ?? null,
    connection: answer.connection,
    target,
    input,
    partialIds,
    enforcedKeys,
  }
}
