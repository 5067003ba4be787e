import type { CatalogEntry, TriggerEntry } from '../engine/catalog/entry.js'
import { deliveriesSettled, showAttempt, type DeliveryAttempt } from '../engine/deliveries.js'
import { toJson } from '../engine/json.js'
import { fireTrigger, triggersNamed, type TriggerFiring } from '../engine/triggers/fire.js'
import type { TriggerSourceRow } from '../engine/triggers/sources.js'
import { checkOperation, integrationNamed } from './kit/catalog-names.js'
import type { World } from './world.js'

/** Triggers by their name in the catalog. */
export interface TriggerName {
  /** Catalog slug. */
  readonly integrationName: string
  readonly triggerName: string
  /** UUID. Default: all workspaces. */
  readonly workspaceId?: string
}

/** Plays the third parties whose events fire triggers, and tells what became of the deliveries. */
export interface Events {
  /**
   * Adds an integration to the catalog, or replaces the one of that name.
   *
   * @throws TypeError that says what is wrong with the entry.
   * @example
   * weavz.registerIntegration('acme-crm', {
   *   displayName: 'Acme CRM', category: 'SALES_AND_CRM', auth: [{ key: 'api_key', type: 'SECRET_TEXT' }],
   *   actions: { create_lead: { input: { email: { type: 'string', required: true } } } },
   * })
   */
  registerIntegration(name: string, entry: CatalogEntry): void
  /**
   * Adds a trigger to an integration of the catalog; the shipped catalog has none.
   *
   * @param entry `triggerType` (default `WEBHOOK`), `sample` (what `triggers.test` answers), `input` (default none).
   * @throws Error if the catalog has no such integration.
   * @example weavz.registerTrigger('slack', 'new_message', { sample: { text: 'Hi' } })
   */
  registerTrigger(integrationName: string, triggerName: string, entry?: Partial<TriggerEntry>): void
  /**
   * Fires a trigger, as if the third party had sent an event: the connection is resolved anew with the trigger's own
   * selectors, and the event is posted to its `callbackUrl`, up to 3 attempts with 1 s and 2 s between them.
   *
   * @param trigger Id of one trigger source; or a name, which fires every enabled trigger of that name.
   * @param data What the third party sent: `data` of the event.
   * @returns What became of it, once it was delivered or given up. A delivery that failed is no error.
   * @throws Error if there is no such trigger, or `data` is not JSON.
   * @example
   * const { delivered } = await weavz.emit(triggerSource.id, { text: 'Hi' })
   */
  emit(trigger: string, data: unknown): Promise<TriggerFiring>
  emit(trigger: TriggerName, data: unknown): Promise<TriggerFiring[]>
  /**
   * Every attempt to deliver an event, oldest first, of deleted triggers, too. Of more than 10 000 the latest are kept,
   * those under way, and the last one of each enabled trigger.
   *
   * @param about Id of a trigger source or of an approval request. Default: all of them.
   */
  deliveries(about?: string): DeliveryAttempt[]
  /** Resolves once no delivery is under way: approval webhooks are sent beside the calls that cause them. */
  settled(): Promise<void>
}

/** @param now The world of the moment: reset and restore replace it. */
export function createEvents(now: () => World): Events {
  const current = () => now().engine

  function emit(trigger: string, data: unknown): Promise<TriggerFiring>
  function emit(trigger: TriggerName, data: unknown): Promise<TriggerFiring[]>
  async function emit(
    trigger: string | TriggerName,
    data: unknown,
  ): Promise<TriggerFiring | TriggerFiring[]> {
    const { engine, outgoing } = now()
    const { catalog, state } = engine
    const event = toJson(data)
    const fire = (source: TriggerSourceRow) => fireTrigger(outgoing.firing(source, engine), source, event)
    if (typeof trigger === 'string') {
      const source = state.tables.triggerSources.get(trigger)
      if (!source) throw new Error(`No trigger source "${trigger}" is enabled`)
      return fire(source)
    }
    const { integrationName, triggerName, workspaceId } = trigger
    checkOperation(catalog, integrationName, triggerName, { actions: false })
    const sources = triggersNamed(engine, integrationName, triggerName, workspaceId)
    return Promise.all(sources.map(fire))
  }

  return {
    registerIntegration: (name, entry) => current().catalog.register(name, entry),
    registerTrigger(integrationName, triggerName, entry = {}) {
      const { catalog } = current()
      const integration = integrationNamed(catalog, integrationName)
      const triggers = { ...integration.triggers, [triggerName]: { input: {}, ...entry } }
      catalog.register(integrationName, { ...integration, triggers })
    },
    emit,
    deliveries(about) {
      const { deliveries } = current().state.tables
      const rows = about === undefined ? deliveries : deliveries.where('owner', about)
      return Array.from(rows.values(), showAttempt)
    },
    settled: () => deliveriesSettled(current()),
  }
}
