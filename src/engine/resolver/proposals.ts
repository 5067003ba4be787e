import type { ResolutionReason } from '../../contract/errors.js'
import { nameInCall } from './call-fields.js'
import { newId, type Situation } from './changes.js'
import { closest } from './distance.js'
import type { Change, Confusion } from './explanation.js'
import { allowsAction, goesBefore, isVisible } from './predicates.js'
import type { Denied } from './request.js'
import type { ConnectionFacts, WorkspaceIntegrationFacts, World } from './world.js'

type RequestChange = Extract<Change, { change: 'request' }>['set']
type TargetChange = Extract<Change, { change: 'update-workspace-integration' }>['set']

/** A refusal for which something better is looked for. Nothing here is shown before it was tried. */
interface Predicament extends Situation {
  readonly denied: Denied
  readonly confusions: readonly Confusion[]
  /** Whether connections may be looked through, which costs more the more there are. */
  readonly scan: boolean
}

/** What might help against each reason. */
const remedies: Readonly<Record<ResolutionReason, (p: Predicament) => Change[][]>> = {
  NO_WORKSPACE_INTEGRATION: (p) => [...nameShared(p), ...configure(p)],
  PINNED_CONNECTION_MISSING: (p) => pin(p),
  PINNED_CONNECTION_DELETED: (p) => pin(p),
  FALLBACK_MISSING: (p) => [...connectOwn(p), ...pin(p)],
  FALLBACK_DELETED: (p) => [...connectOwn(p), ...pin(p)],
  END_USER_REQUIRED: (p) => nameEndUser(p),
  END_USER_NOT_FOUND: (p) => connectOwn(p),
  END_USER_NOT_CONNECTED: (p) => connectOwn(p),
  CONNECTION_IN_ERROR: ({ denied }) =>
    denied.connection ? [[{ change: 'reauthorise', connectionId: denied.connection.id }]] : [],
  AUTH_METHOD_MISMATCH: (p) => [...askForItsMethod(p), ...connectOwn(p), ...pin(p)],
  EXPLICIT_NOT_FOUND: (p) => [...nameSimilar(p), ...letStrategyChoose(p), ...connectUnderThatName(p)],
  EXPLICIT_OTHER_INTEGRATION: (p) => [...letStrategyChoose(p), ...connectUnderThatName(p)],
  EXPLICIT_OUT_OF_WORKSPACE: (p) => [...letStrategyChoose(p), ...connectUnderThatName(p)],
  EXPLICIT_OTHER_END_USER: (p) => letStrategyChoose(p),
  AMBIGUOUS_INTEGRATION: (p) => chooseTarget(p),
  ALIAS_NOT_FOUND: (p) => chooseTarget(p),
  WORKSPACE_INTEGRATION_NOT_FOUND: (p) => chooseTarget(p),
  SELECTOR_MISMATCH: (p) => [...chooseTarget(p), ...followTarget(p)],
  ACTION_NOT_ALLOWED: (p) => [...chooseTarget(p), ...enableAction(p)],
}

/** Changes worth trying, each a list of steps that belong together. */
export function propose(p: Predicament): Change[][] {
  const corrections = p.confusions.flatMap(({ correction }) => (correction ? [correction] : []))
  const { reason } = p.denied
  const others = reason === null ? [] : remedies[reason](p)
  if (corrections.length === 0) return others
  // A value of the wrong kind must not become the name of something new, and its field has its own correction.
  const corrected = new Set(corrections.flatMap(fieldsOf))
  const compatible = others.filter((changes) =>
    changes.every(
      (each) => each.change !== 'connect' && !fieldsOf(each).some((field) => corrected.has(field)),
    ),
  )
  return [...corrections.map((each) => [each]), ...compatible]
}

function fieldsOf(change: Change): string[] {
  return change.change === 'request' ? Object.keys(change.set) : []
}

function send(set: RequestChange): Change[] {
  return [{ change: 'request', set }]
}

/** Whose call it is, only the caller can say: the value stands for whichever is meant. */
function sendForExample(set: RequestChange): Change[] {
  return [{ change: 'request', set, example: true }]
}

function update(target: WorkspaceIntegrationFacts, set: TargetChange): Change {
  const { id, workspaceId } = target
  return { change: 'update-workspace-integration', workspaceId, workspaceIntegrationId: id, set }
}

function letStrategyChoose({ request }: Predicament): Change[][] {
  return request.workspaceId === null ? [] : [send({ connectionExternalId: null })]
}

function chooseTarget({ world, request }: Predicament): Change[][] {
  const { kind, workspaceId, integrationName, integrationAlias } = request
  if (workspaceId === null) return []
  const fitting = [...world.workspaceIntegrationsOf(workspaceId, integrationName)].filter((each) =>
    allowsAction(each, request),
  )
  if (nameInCall(kind, 'integrationAlias') === null) return nameTheirConnection(world, fitting)
  const aliases = closest(
    integrationAlias ?? integrationName,
    fitting.map(({ alias }) => alias),
  )
  const instead = request.workspaceIntegrationId == null ? {} : { workspaceIntegrationId: null }
  return aliases.map((alias) => send({ integrationAlias: alias, ...instead }))
}

/** Where a call cannot say which workspace integration it means: the connections that they would run on. */
function nameTheirConnection(world: World, targets: readonly WorkspaceIntegrationFacts[]): Change[][] {
  const names = targets.flatMap(({ connectionId, workspaceId }) => {
    const pinned = connectionId === null ? undefined : world.connection(connectionId)
    return pinned && isVisible(pinned, workspaceId) ? [pinned.externalId] : []
  })
  return [...new Set(names)].sort().map((externalId) => send({ connectionExternalId: externalId }))
}

function followTarget({ denied }: Predicament): Change[][] {
  const target = denied.workspaceIntegration
  return target ? [send({ integrationName: target.integrationName })] : []
}

function enableAction({ world, request, denied }: Predicament): Change[][] {
  const { actionName, workspaceId, integrationName } = request
  if (actionName == null || workspaceId === null) return []
  const target =
    denied.workspaceIntegration ??
    [...world.workspaceIntegrationsOf(workspaceId, integrationName)].sort((a, b) =>
      a.alias < b.alias ? -1 : 1,
    )[0]
  return target ? [[update(target, { enabledActions: [...(target.enabledActions ?? []), actionName] })]] : []
}

/** The end user's account, connected with the method that is asked for. */
function connectOwn({ request, denied }: Predicament): Change[][] {
  const target = denied.workspaceIntegration
  if (!target || request.endUserId == null || target.connectionStrategy === 'fixed') return []
  return [
    [connect(target.workspaceId, request.integrationName, request.endUserId, methodOf(target, request))],
  ]
}

function connect(
  workspaceId: string,
  integrationName: string,
  endUserId: string | null,
  authMethodKey: string | null,
  externalId = newId,
): Change {
  const scope = endUserId === null ? 'WORKSPACE' : 'USER'
  const connection = {
    id: newId,
    integrationName,
    externalId,
    scope,
    workspaceId,
    endUserId,
    authMethodKey,
  } as const
  return { change: 'connect', connection }
}

function methodOf(target: WorkspaceIntegrationFacts | null, request: Predicament['request']): string | null {
  return target?.authMethodKey ?? request.authMethodKey ?? null
}

function nameEndUser(p: Predicament): Change[][] {
  const { request, denied } = p
  const connected = bestConnection(p, ({ scope }) => scope === 'USER')
  if (connected) return [sendForExample({ endUserId: connected.endUserId })]
  const target = denied.workspaceIntegration
  if (!target) return []
  const example = 'your-user-id'
  const account = connect(target.workspaceId, request.integrationName, example, methodOf(target, request))
  return [[...sendForExample({ endUserId: example }), account]]
}

/** Pins a shared connection that is there, or a new one. */
function pin(p: Predicament): Change[][] {
  const { request, denied } = p
  const target = denied.workspaceIntegration
  if (!target || target.connectionStrategy === 'per_user') return []
  const method = methodOf(target, request)
  const shared = bestConnection(
    p,
    ({ scope, authMethodKey }) => scope !== 'USER' && (method === null || authMethodKey === method),
  )
  if (shared) return [[update(target, { connectionId: shared.id })]]
  const account = connect(target.workspaceId, request.integrationName, null, method)
  return [[account, update(target, { connectionId: newId })]]
}

function askForItsMethod({ request, denied }: Predicament): Change[][] {
  const target = denied.workspaceIntegration
  const actual = denied.connection?.authMethodKey ?? null
  return [
    ...(request.authMethodKey == null ? [] : [send({ authMethodKey: null })]),
    ...(target && actual !== null && request.connectionExternalId == null && target.authMethodKey !== null
      ? [[update(target, { authMethodKey: actual })]]
      : []),
  ]
}

function nameSimilar(p: Predicament): Change[][] {
  const { request } = p
  const names: string[] = []
  for (const each of connections(p)) {
    if (each.scope !== 'USER' || each.endUserId === (request.endUserId ?? null)) names.push(each.externalId)
  }
  const alike = closest(request.connectionExternalId ?? '', names, 3)
  return alike.map((externalId) => send({ connectionExternalId: externalId }))
}

function connectUnderThatName({ request, denied }: Predicament): Change[][] {
  const { workspaceId, integrationName, connectionExternalId, authMethodKey, endUserId } = request
  if (workspaceId === null || connectionExternalId == null) return []
  const method = authMethodKey ?? denied.workspaceIntegration?.authMethodKey ?? null
  return [[connect(workspaceId, integrationName, endUserId ?? null, method, connectionExternalId)]]
}

function nameShared(p: Predicament): Change[][] {
  const shared = bestConnection(p, ({ scope }) => scope === 'ORGANIZATION')
  return shared ? [send({ connectionExternalId: shared.externalId })] : []
}

function configure(p: Predicament): Change[][] {
  const { request, world } = p
  const { workspaceId, integrationName, endUserId } = request
  if (workspaceId === null || world.workspaceIntegrationByAlias(workspaceId, integrationName)) return []
  const configured = (connectionStrategy: 'fixed' | 'per_user', connectionId: string | null): Change => ({
    change: 'add-workspace-integration',
    workspaceIntegration: {
      id: newId,
      workspaceId,
      integrationName,
      alias: integrationName,
      connectionStrategy,
      connectionId,
    },
  })
  if (endUserId != null) return [[configured('per_user', null)]]
  const shared = bestConnection(p, ({ scope }) => scope !== 'USER')
  if (shared) return [[configured('fixed', shared.id)]]
  const account = connect(workspaceId, integrationName, null, request.authMethodKey ?? null)
  return [[account, configured('fixed', newId)]]
}

function bestConnection(p: Predicament, fits: (each: ConnectionFacts) => boolean): ConnectionFacts | null {
  let best: ConnectionFacts | null = null
  for (const each of connections(p)) if (fits(each) && (best === null || goesBefore(each, best))) best = each
  return best
}

function* connections({ world, request, scan }: Predicament): Generator<ConnectionFacts> {
  if (!scan) return
  if (request.workspaceId !== null) yield* world.connectionsOf(request.workspaceId, request.integrationName)
  yield* world.connectionsOf(null, request.integrationName)
}
