import { allowsAction } from './predicates.js'
import { deny } from './reasons.js'
import type { Denied, ResolutionRequest } from './request.js'
import type { MaybeTracer } from './trace.js'
import type { WorkspaceIntegrationFacts, World } from './world.js'

/**
 * The workspace integration that a request targets, null when it targets none, or the refusal. Comes before the
 * ladder, because its settings, partials and approvals apply whichever rung gives the connection.
 */
export function selectTarget(
  world: World,
  request: ResolutionRequest,
  trace: MaybeTracer,
): WorkspaceIntegrationFacts | Denied | null {
  if (request.workspaceIntegrationId != null)
    return selectById(world, request, request.workspaceIntegrationId, trace)
  if (request.integrationAlias != null) return selectByAlias(world, request, request.integrationAlias, trace)
  return selectByName(world, request, trace)
}

function selectById(world: World, request: ResolutionRequest, id: string, trace: MaybeTracer) {
  const { workspaceId, integrationAlias } = request
  const found = workspaceId === null ? undefined : world.workspaceIntegration(workspaceId, id)
  // The alias is not consulted for the answer; only a trace says what it would have named.
  const ignored =
    trace && integrationAlias != null ? ignoredAlias(world, request, integrationAlias, found) : {}
  if (!found) {
    trace?.step('target', 'failed', 'no workspace integration of the workspace has that id', {
      values: { workspaceIntegrationId: id, ...ignored },
    })
    return deny('WORKSPACE_INTEGRATION_NOT_FOUND', request, null)
  }
  return checkTarget(request, found, 'named by workspaceIntegrationId', ignored, trace)
}

function ignoredAlias(
  world: World,
  { workspaceId }: ResolutionRequest,
  alias: string,
  selected: WorkspaceIntegrationFacts | undefined,
) {
  const named = workspaceId === null ? undefined : world.workspaceIntegrationByAlias(workspaceId, alias)
  const names = !named
    ? 'nothing'
    : named.id === selected?.id
      ? 'the same workspace integration'
      : 'another workspace integration'
  return { ignoredAlias: alias, ignoredAliasNames: names }
}

function selectByAlias(world: World, request: ResolutionRequest, alias: string, trace: MaybeTracer) {
  const { workspaceId } = request
  const found = workspaceId === null ? undefined : world.workspaceIntegrationByAlias(workspaceId, alias)
  if (!found) {
    trace?.step('target', 'failed', 'no workspace integration of the workspace has that alias', {
      values: { integrationAlias: alias },
    })
    return deny('ALIAS_NOT_FOUND', request, null)
  }
  return checkTarget(request, found, 'named by integrationAlias', {}, trace)
}

function checkTarget(
  request: ResolutionRequest,
  found: WorkspaceIntegrationFacts,
  how: string,
  values: Record<string, string>,
  trace: MaybeTracer,
): WorkspaceIntegrationFacts | Denied {
  if (found.integrationName !== request.integrationName) {
    trace?.step('target', 'failed', 'the workspace integration is of another integration', {
      workspaceIntegration: found,
      values: {
        integrationName: request.integrationName,
        targetIntegrationName: found.integrationName,
        ...values,
      },
    })
    return deny('SELECTOR_MISMATCH', request, found)
  }
  return checkAction(request, found, how, values, trace)
}

function checkAction(
  request: ResolutionRequest,
  found: WorkspaceIntegrationFacts,
  how: string,
  values: Record<string, string>,
  trace: MaybeTracer,
): WorkspaceIntegrationFacts | Denied {
  if (allowsAction(found, request)) {
    trace?.step('target', 'applied', how, { workspaceIntegration: found, values })
    return found
  }
  trace?.step('target', 'failed', 'the action is not in enabledActions', {
    workspaceIntegration: found,
    values: { actionName: request.actionName ?? null, enabledActions: found.enabledActions, ...values },
  })
  return deny('ACTION_NOT_ALLOWED', request, found)
}

function selectByName(world: World, request: ResolutionRequest, trace: MaybeTracer) {
  const { workspaceId, integrationName } = request
  if (workspaceId === null) {
    trace?.step('target', 'skipped', 'no workspace is given')
    return null
  }
  const several: WorkspaceIntegrationFacts[] = []
  let first: WorkspaceIntegrationFacts | null = null
  let count = 0
  for (const each of world.workspaceIntegrationsOf(workspaceId, integrationName)) {
    first ??= each
    count += 1
    if (trace || namesConnection(request)) several.push(each)
    else if (count > 1) break
  }
  if (first === null) {
    trace?.step('target', 'skipped', 'the workspace has no workspace integration of that name')
    return null
  }
  if (count === 1) return checkAction(request, first, 'the only one of that integrationName', {}, trace)
  return selectAmong(request, several, trace)
}

/** The call says itself on which connection it runs, so that no workspace integration needs to. */
function namesConnection({ connectionExternalId, toolConnectionId }: ResolutionRequest): boolean {
  return connectionExternalId != null || toolConnectionId != null
}

/** Several and no selector: refused, unless a connection is named, and then none of them is targeted. */
function selectAmong(
  request: ResolutionRequest,
  several: readonly WorkspaceIntegrationFacts[],
  trace: MaybeTracer,
): Denied | null {
  if (!namesConnection(request)) {
    trace?.step('target', 'failed', 'several workspace integrations have that name and none is selected', {
      workspaceIntegrations: several,
    })
    return deny('AMBIGUOUS_INTEGRATION', request, null)
  }
  if (several.some((each) => allowsAction(each, request))) {
    trace?.step(
      'target',
      'skipped',
      'several have that name, so none is targeted: a connection is named instead',
      {
        workspaceIntegrations: several,
      },
    )
    return null
  }
  trace?.step(
    'target',
    'failed',
    'the action is enabled in none of the workspace integrations of that name',
    {
      workspaceIntegrations: several,
      values: { actionName: request.actionName ?? null },
    },
  )
  return deny('ACTION_NOT_ALLOWED', request, null)
}
