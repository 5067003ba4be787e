import type { EnableTrigger, ListTriggers, TriggerSource, TriggerType } from '../../contract/triggers.js'
import { getIntegration } from '../auth-methods.js'
import { targetOf } from '../call-context.js'
import type { TriggerEntry } from '../catalog/entry.js'
import { checkInput } from '../catalog/input.js'
import { unknownOperation } from '../catalog/unknown.js'
import { deliveriesOf } from '../deliveries.js'
import type { Engine } from '../engine.js'
import { mergeInput } from '../merge.js'
import { settleFresh } from '../oauth/use.js'
import { refuseBeyondQuota } from '../quotas.js'
import { Refusal, invalid } from '../refusal.js'
import { resolveOrRefuse } from '../refuse.js'
import { resolutionRequest, type ResolutionRequest } from '../resolver/request.js'
import { filterRows, page, type Page, type Visibility } from '../table.js'
import type { VaultContext } from '../vault/index.js'
import { getWorkspace } from '../workspaces.js'

/** What the store holds of an enabled trigger. */
export interface TriggerSourceRow {
  readonly id: string
  readonly orgId: string
  readonly workspaceId: string
  readonly triggerType: TriggerType
  readonly integrationName: string
  readonly triggerName: string
  readonly callbackUrl: string
  readonly workspaceIntegrationId: string | null
  readonly webhookUrl: string | null
  readonly simulate: boolean
  readonly createdAt: string
  /** Internal: envelope of the callback headers in JSON; null if there are none. */
  readonly callbackHeaders: string | null
  /** Internal. */
  readonly callbackMetadata: Readonly<Record<string, unknown>>
  /** Internal: what the connection is resolved with, when the trigger is enabled and at each firing. */
  readonly request: ResolutionRequest
}

/** The trigger in the catalog, or 404. */
export function getTrigger(engine: Engine, integrationName: string, triggerName: string): TriggerEntry {
  const integration = getIntegration(engine, integrationName)
  const { triggers = {} } = integration
  const trigger = Object.hasOwn(triggers, triggerName) ? triggers[triggerName] : undefined
  if (trigger) return trigger
  throw unknownOperation(integration, 'trigger', triggerName)
}

export function listTriggers(
  engine: Engine,
  query: ListTriggers,
  visible: Visibility | undefined,
): Page<TriggerSource> {
  const { triggerSources } = engine.state.tables
  if (query.workspaceId !== undefined) getWorkspace(engine, query.workspaceId)
  const rows =
    query.workspaceId === undefined ? triggerSources : triggerSources.where('workspace', query.workspaceId)
  const { items, total } = page(visible ? filterRows(rows, (row) => visible(row.workspaceId)) : rows, query)
  return { items: items.map((row) => showTrigger(engine, row)), total }
}

/** The trigger source as the API shows it. */
export function showTrigger(engine: Engine, row: TriggerSourceRow): TriggerSource {
  const { callbackHeaders: _headers, callbackMetadata: _metadata, request: _request, ...shown } = row
  const last = deliveriesOf(engine, row.id).at(-1)
  if (!last) return { ...shown, lastDelivery: null }
  const { attempt, status, httpStatus, errorMessage, createdAt, deliveredAt } = last
  return { ...shown, lastDelivery: { attempt, status, httpStatus, errorMessage, createdAt, deliveredAt } }
}

function refuseInterval(engine: Engine, triggerType: TriggerType, minutes: number | undefined): void {
  if (minutes === undefined) return
  if (triggerType !== 'POLLING') {
    throw invalid('body.pollingIntervalMinutes', `A trigger of type ${triggerType} is not polled`)
  }
  if (minutes < engine.minPollingIntervalMinutes) {
    throw new Refusal(
      'POLLING_INTERVAL_TOO_SHORT',
      `The plan allows polling every ${engine.minPollingIntervalMinutes} minutes`,
    )
  }
}

/** Servers refuse requests with longer headers. */
const maxHeaderLength = 16 * 1024

/** HTTP allows neither every name nor every value, and it is too late to say so when an event arrives. */
function refuseUnsendable(headers: Readonly<Record<string, string>>): void {
  if (JSON.stringify(headers).length > maxHeaderLength) {
    throw invalid('body.callbackHeaders', `Must have at most ${maxHeaderLength} characters`)
  }
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers({ [name]: value })
    } catch {
      throw invalid(`body.callbackHeaders.${name}`, 'Expected the name and the value of an HTTP header')
    }
  }
}

export function headersContext({ orgId }: Engine, id: string): VaultContext {
  return {
    orgId,
    connectionId: null,
    integrationName: null,
    owner: null,
    credentialType: null,
    field: `callbackHeaders.${id}`,
  }
}

/** Starts a trigger, if its connection resolves now, on fresh tokens. */
export async function enableTrigger(
  engine: Engine,
  body: EnableTrigger,
  baseUrl: string,
  chosenId?: string,
): Promise<TriggerSource> {
  const { workspaceId, integrationName, triggerName, callbackUrl, callbackHeaders = {} } = body
  const request = resolutionRequest('trigger', body)
  const settle = () => {
    getWorkspace(engine, workspaceId)
    const entry = getTrigger(engine, integrationName, triggerName)
    const { triggerType = 'WEBHOOK' } = entry
    refuseInterval(engine, triggerType, body.pollingIntervalMinutes)
    refuseUnsendable(callbackHeaders)
    const answer = resolveOrRefuse(engine, request)
    const target = targetOf(engine, answer)
    const call = { workspaceId, integrationName, actionName: null, triggerName, target }
    const { input } = mergeInput(engine, call, body.input ?? {}, body.partialIds)
    const issues = checkInput('body.input', input, entry.input)
    const [first] = issues
    if (first) throw new Refusal('VALIDATION_ERROR', `${first.path}: ${first.message}`, { issues })
    refuseBeyondQuota(engine, 'triggers')
    return { answer, triggerType, target }
  }
  await settleFresh(engine, settle)
  const id = chosenId ?? engine.ids.uuid()
  const sealed =
    Object.keys(callbackHeaders).length > 0
      ? await engine.vault.seal(JSON.stringify(callbackHeaders), headersContext(engine, id))
      : null
  // Again: the world may have changed while the headers were being sealed
  const { triggerType, target } = settle()
  const row = engine.state.tables.triggerSources.put({
    id,
    orgId: engine.orgId,
    workspaceId,
    triggerType,
    integrationName,
    triggerName,
    callbackUrl,
    workspaceIntegrationId: target?.id ?? null,
    webhookUrl: triggerType === 'WEBHOOK' ? `${baseUrl}/api/v1/webhooks/${integrationName}/${id}` : null,
    simulate: body.simulate ?? false,
    createdAt: engine.now(),
    callbackHeaders: sealed,
    callbackMetadata: body.callbackMetadata ?? {},
    request,
  })
  return showTrigger(engine, row)
}

/** Stops a trigger: it fires no more, and lists no longer show it. */
export function disableTrigger({ state }: Engine, id: string): void {
  if (!state.tables.triggerSources.delete(id)) {
    throw new Refusal('TRIGGER_NOT_FOUND', 'Trigger source not found')
  }
}
