import type { ActionHandler } from '../engine/action-registry.js'
import { addApiKey } from '../engine/api-keys.js'
import type { Clock } from '../engine/clock.js'
import { createEngine } from '../engine/engine.js'
import { sourceKey, type OptionsSource, type PropsSource } from '../engine/properties.js'
import { seededRandom, type RandomSource } from '../engine/random.js'
import type { Openings } from '../engine/vault/index.js'
import { createRouter, type RouterOptions } from './router.js'
import { createScriptedUser, type ScriptedUser } from './user.js'

export interface MockWeavzOptions extends RouterOptions {
  /** The API key that it accepts. Default: one made up, in `apiKey`. Must begin with `wvz_`. */
  readonly apiKey?: string
  /** Where the time comes from. Default: the machine's clock. */
  readonly clock?: Clock
  /** Where ids and tokens come from. Default: a fixed seed, so that every run sees the same ids. */
  readonly random?: RandomSource
  /** Integrations that have an OAuth app managed by Weavz. Default: all. */
  readonly managedOAuthApps?: readonly string[]
  /** OAuth apps of the tenant, for `oauthAppMode: 'custom'`. */
  readonly oauthApps?: readonly { readonly id: string; readonly integrationName: string }[]
}

/** An offline Weavz: the whole API in process, with real state, real resolution and real sealing. */
export interface MockWeavz {
  /** An API key of the organization. */
  readonly apiKey: string
  /** Answers like `https://api.weavz.io`, whatever the host: give it to `new WeavzClient({ fetch })`. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** Plays the person in front of the hosted connect page. */
  readonly user: ScriptedUser
  /** Every credential that was opened: none at rest, in lists or while resolving; only to run an action. */
  readonly openings: Openings
  /**
   * Plays the third party for one action. What the handler returns is the `output`; what it throws becomes 400
   * `ACTION_FAILED`. Without a handler, built-ins run and other actions answer an echo of their input.
   *
   * @throws Error if the catalog has no such integration or action.
   * @example
   * weavz.onAction('slack', 'send_channel_message', ({ input }) => ({ ok: true, channel: input.channel }))
   */
  onAction(integrationName: string, actionName: string, handler: ActionHandler): void
  /**
   * Gives the options of a dropdown; that makes the property one, whatever the catalog says.
   *
   * @example
   * weavz.onOptions('slack', 'send_channel_message', 'channel', () => [{ label: '#general', value: 'C01' }])
   */
  onOptions(integrationName: string, operationName: string, propertyName: string, source: OptionsSource): void
  /** Gives the props of a dynamic property; that makes the property one, whatever the catalog says. */
  onProps(integrationName: string, operationName: string, propertyName: string, source: PropsSource): void
}

/**
 * Starts an offline Weavz in this process: no port, no network, no account.
 *
 * @example
 * const weavz = createMockWeavz()
 * const client = new WeavzClient({ apiKey: weavz.apiKey, fetch: weavz.fetch })
 */
export function createMockWeavz(options: MockWeavzOptions = {}): MockWeavz {
  const {
    apiKey: given,
    clock,
    random = seededRandom(1),
    managedOAuthApps,
    oauthApps = [],
    ...routing
  } = options
  if (given !== undefined && !/^wvz_\S+$/.test(given)) {
    throw new TypeError('apiKey must begin with wvz_ and hold no spaces')
  }
  const engine = createEngine({
    random,
    ...(clock && { clock }),
    ...(managedOAuthApps && { managedOAuthApps }),
  })
  for (const app of oauthApps) engine.state.tables.oauthApps.put(app)
  const apiKey = given ?? engine.ids.token('wvz_')
  addApiKey(engine, 'Default', apiKey)
  const app = createRouter(engine, routing)

  function checkOperation(integrationName: string, operationName: string): void {
    const integration = engine.catalog.get(integrationName)
    if (!integration) throw new Error(`The catalog has no integration "${integrationName}"`)
    const operations = { ...integration.triggers, ...integration.actions }
    if (!Object.hasOwn(operations, operationName)) {
      throw new Error(`"${integrationName}" has no action or trigger "${operationName}"`)
    }
  }

  return {
    apiKey,
    fetch: async (input, init) =>
      app.fetch(input instanceof Request && init === undefined ? input : new Request(input, init)),
    user: createScriptedUser(engine),
    openings: engine.vault.openings,
    onAction(integrationName, actionName, handler) {
      checkOperation(integrationName, actionName)
      engine.actions.set(integrationName, actionName, handler)
    },
    onOptions(integrationName, operationName, propertyName, source) {
      checkOperation(integrationName, operationName)
      engine.properties.options.set(sourceKey(integrationName, operationName, propertyName), source)
    },
    onProps(integrationName, operationName, propertyName, source) {
      checkOperation(integrationName, operationName)
      engine.properties.props.set(sourceKey(integrationName, operationName, propertyName), source)
    },
  }
}
