import { nameInCall } from './call-fields.js'
import type { Change, Confusion } from './explanation.js'
import type { ResolutionRequest } from './request.js'
import type { StepRecorder } from './trace.js'
import type { View } from './view.js'
import type { ConnectionFacts, WorkspaceIntegrationFacts, World } from './world.js'

/** The kinds of identifier that look alike, each with the words for it and the request field that takes it. */
const kinds = {
  'endUser.id': { words: 'the Weavz UUID of an end user', home: 'endUserId' },
  'endUser.externalId': { words: "your application's id of an end user", home: 'endUserId' },
  'connection.id': { words: 'the Weavz UUID of a connection', home: 'connectionExternalId' },
  'connection.externalId': { words: 'the external id of a connection', home: 'connectionExternalId' },
  workspaceIntegrationId: { words: 'the UUID of a workspace integration', home: 'workspaceIntegrationId' },
  integrationAlias: { words: 'the alias of a workspace integration', home: 'integrationAlias' },
  'settings.persistence.externalId': { words: 'the key of a persistence namespace', home: null },
  integrationName: { words: 'the name of an integration', home: 'integrationName' },
  workspaceId: { words: 'the UUID of a workspace', home: 'workspaceId' },
} as const
type IdKind = keyof typeof kinds

/** What each request field takes. */
const takes = {
  endUserId: 'endUser.externalId',
  connectionExternalId: 'connection.externalId',
  workspaceIntegrationId: 'workspaceIntegrationId',
  integrationAlias: 'integrationAlias',
  integrationName: 'integrationName',
  workspaceId: 'workspaceId',
} as const satisfies Partial<Record<keyof ResolutionRequest, IdKind>>
type IdField = keyof typeof takes

type RequestChange = Extract<Change, { change: 'request' }>['set']

/** What a value turned out to be: `right` is the value that belongs into the field that takes it, if it may be told. */
interface Finding {
  readonly is: IdKind
  readonly right: string | null
  readonly target?: WorkspaceIntegrationFacts
}

/**
 * Identifiers of the wrong kind: a UUID where an external id belongs, a connection where an end user belongs, and so
 * on. A value that is also of the right kind is no confusion.
 */
export function findConfusions(
  world: World,
  request: ResolutionRequest,
  recorder: StepRecorder,
  view: View,
): Confusion[] {
  const found: Confusion[] = []
  for (const field of Object.keys(takes) as IdField[]) {
    const value = request[field]
    if (value == null || isRightKind(world, request, field, value)) continue
    for (const finding of identify(world, request, value, view)) {
      if (finding.is !== takes[field]) found.push(confusionOf(request, field, value, finding))
    }
  }
  return [...found, ...confusedPin(world, request, recorder, view)]
}

function isRightKind(world: World, request: ResolutionRequest, field: IdField, value: string): boolean {
  const { workspaceId } = request
  switch (field) {
    case 'endUserId':
      return workspaceId !== null && world.endUser(workspaceId, value) !== undefined
    case 'connectionExternalId':
      return named(world, workspaceId, value).length > 0
    case 'workspaceIntegrationId':
      return workspaceId !== null && world.workspaceIntegration(workspaceId, value) !== undefined
    case 'integrationAlias':
      return workspaceId !== null && world.workspaceIntegrationByAlias(workspaceId, value) !== undefined
    case 'integrationName':
      return world.integration(value) !== undefined
    case 'workspaceId':
      return world.hasWorkspace(value)
  }
}

/** Everything that the value names, as far as the audience may know. */
function* identify(world: World, request: ResolutionRequest, value: string, view: View): Generator<Finding> {
  const { workspaceId, integrationName } = request
  const endUser = world.endUserById(value)
  if (endUser && view.seesWorkspace(endUser.workspaceId)) {
    yield {
      is: 'endUser.id',
      right: view.seesEndUser(endUser.workspaceId, endUser.externalId) ? endUser.externalId : null,
    }
  }
  if (workspaceId !== null && world.endUser(workspaceId, value))
    yield { is: 'endUser.externalId', right: value }
  const connection = world.connection(value)
  if (connection && view.seesConnection(connection))
    yield { is: 'connection.id', right: connection.externalId }
  if (named(world, workspaceId, value).some((each) => view.seesConnection(each))) {
    yield { is: 'connection.externalId', right: value }
  }
  if (workspaceId !== null) {
    const byId = world.workspaceIntegration(workspaceId, value)
    if (byId) yield { is: 'workspaceIntegrationId', right: value, target: byId }
    const byAlias = world.workspaceIntegrationByAlias(workspaceId, value)
    if (byAlias) yield { is: 'integrationAlias', right: value, target: byAlias }
    for (const each of world.workspaceIntegrationsOf(workspaceId, integrationName)) {
      if (namespaceKey(each.settings) !== value) continue
      yield { is: 'settings.persistence.externalId', right: null }
      break
    }
  }
  if (world.integration(value)) yield { is: 'integrationName', right: value }
  if (view.seesWorkspace(value) && world.hasWorkspace(value)) yield { is: 'workspaceId', right: value }
}

function confusionOf(request: ResolutionRequest, field: IdField, value: string, finding: Finding): Confusion {
  const { is } = finding
  const { words, home } = kinds[is]
  const { kind } = request
  const expected = takes[field]
  // `integrationAlias takes integrationAlias` would say nothing
  const wanted = expected === field ? kinds[expected].words : expected
  const taker = home !== null && nameInCall(kind, home) !== null ? home : null
  const set = correctionOf(request, field, finding, taker)
  const advice = adviceOn(request, field, finding)
  return {
    field,
    value,
    is,
    expected,
    text: `${nameInCall(kind, field) ?? field} takes ${wanted}, but ${JSON.stringify(value)} is ${is}, ${words}: ${advice}`,
    correction: set && { change: 'request', set },
  }
}

function adviceOn({ kind }: ResolutionRequest, field: IdField, { is, right, target }: Finding): string {
  const { home } = kinds[is]
  if (home === null)
    return 'it is set once in the settings of the workspace integration and never sent with a call'
  const name = nameInCall(kind, home)
  const selector = name === null ? [] : [`${name}: ${JSON.stringify(right)}`]
  if (field === 'integrationName' && target)
    return `pass ${[`integrationName: ${JSON.stringify(target.integrationName)}`, ...selector].join(' and ')}`
  if (name === null) return 'connections.resolve takes none'
  return right === null ? `pass the ${takes[home]} as ${name}` : `pass ${name}: ${JSON.stringify(right)}`
}

function correctionOf(
  request: ResolutionRequest,
  field: IdField,
  { right, target }: Finding,
  home: IdField | null,
): RequestChange | null {
  // A field that every request must have cannot just be left out.
  if (field === 'integrationName') {
    return target ? { integrationName: target.integrationName, ...(home && { [home]: right }) } : null
  }
  if (field === 'workspaceId') return null
  const taken = home !== null && home !== field && request[home] != null
  if (home === null || taken) return { [field]: null }
  if (right === null) return null
  return home === field ? { [field]: right } : { [field]: null, [home]: right }
}

/** A pinned connection that is named by its external id instead of its UUID looks like a deleted one. */
function* confusedPin(
  world: World,
  request: ResolutionRequest,
  recorder: StepRecorder,
  view: View,
): Generator<Confusion> {
  const target = recorder.steps.get('target')?.facts.workspaceIntegration
  const value = target?.connectionId
  if (!target || value == null || world.connection(value)) return
  const candidates = named(world, request.workspaceId, value).filter(
    (each) => each.integrationName === target.integrationName && view.seesConnection(each),
  )
  const [meant] = candidates
  if (!meant) return
  yield {
    field: 'connectionId',
    value,
    is: 'connection.externalId',
    expected: 'connection.id',
    text: `connectionId of workspace integration ${JSON.stringify(target.alias)} takes connection.id, but ${JSON.stringify(value)} is connection.externalId: pin ${JSON.stringify(meant.id)}`,
    correction: {
      change: 'update-workspace-integration',
      workspaceId: target.workspaceId,
      workspaceIntegrationId: target.id,
      set: { connectionId: meant.id },
    },
  }
}

function named(world: World, workspaceId: string | null, externalId: string): ConnectionFacts[] {
  return [
    ...(workspaceId === null ? [] : world.connectionsByExternalId(workspaceId, externalId)),
    ...world.connectionsByExternalId(null, externalId),
  ]
}

function namespaceKey(settings: unknown): unknown {
  return field(field(settings, 'persistence'), 'externalId')
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
