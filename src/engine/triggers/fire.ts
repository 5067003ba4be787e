import type { KnownErrorCode } from '../../contract/errors.js'
import type { TriggerEvent } from '../../contract/triggers.js'
import { deliver, recordUnsent, showAttempt, type DeliveryAttempt } from '../deliveries.js'
import type { Engine } from '../engine.js'
import { toJson } from '../json.js'
import { settleFresh } from '../oauth/use.js'
import { Refusal } from '../refusal.js'
import { resolveOrRefuse } from '../refuse.js'
import { key } from '../table.js'
import { headersContext, type TriggerSourceRow } from './sources.js'

/** What became of one event of one trigger. */
export interface TriggerFiring {
  readonly triggerSourceId: string
  /** Whether the receiver answered with 2xx. */
  readonly delivered: boolean
  /** Why nothing was sent, where the connection did not resolve (`CONNECTION_REQUIRED`); else null. */
  readonly code: KnownErrorCode | null
  /** Why the event was not delivered; null if it was. */
  readonly error: string | null
  /** The attempts to deliver it, oldest first. */
  readonly attempts: readonly DeliveryAttempt[]
}

/** The enabled triggers of that name, in one workspace or in all. */
export function triggersNamed(
  { state }: Engine,
  integrationName: string,
  triggerName: string,
  workspaceId: string | undefined,
): TriggerSourceRow[] {
  const rows = state.tables.triggerSources.where('trigger', key(integrationName, triggerName)).values()
  return [...rows].filter((row) => workspaceId === undefined || row.workspaceId === workspaceId)
}

/** Fires a trigger: resolves its connection anew, on fresh tokens, and delivers the event. */
export async function fireTrigger(
  engine: Engine,
  source: TriggerSourceRow,
  data: unknown,
): Promise<TriggerFiring> {
  const { id: triggerSourceId, integrationName, triggerName, callbackMetadata: metadata } = source
  const body: TriggerEvent = {
    ...{ triggerSourceId, integrationName, triggerName },
    data: toJson(data),
    metadata,
    timestamp: engine.now(),
  }
  const message = {
    ...({ kind: 'trigger', ownerId: triggerSourceId, eventType: triggerName, body } as const),
    url: source.callbackUrl,
  }
  try {
    await settleFresh(engine, () => ({ answer: resolveOrRefuse(engine, source.request) }))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    recordUnsent(engine, message, error.message)
    return { triggerSourceId, delivered: false, code: error.code, error: error.message, attempts: [] }
  }
  const headers = await openHeaders(engine, source)
  const attempts = (await deliver(engine, { ...message, headers })).map(showAttempt)
  const last = attempts.at(-1)
  return {
    triggerSourceId,
    delivered: last?.status === 'success',
    code: null,
    error: last?.errorMessage ?? null,
    attempts,
  }
}

async function openHeaders(
  engine: Engine,
  { id, callbackHeaders }: TriggerSourceRow,
): Promise<Record<string, string>> {
  if (callbackHeaders === null) return {}
  const secret = await engine.vault.open(callbackHeaders, headersContext(engine, id), 'execute')
  const headers = JSON.parse(secret.reveal()) as Record<string, string>
  // The vault knows all of them as one text, but a failure would quote one of them
  for (const value of Object.values(headers)) engine.vault.redactor.remember(value)
  return headers
}
