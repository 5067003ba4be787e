import type { ActionHandler } from '../engine/action-registry.js'
import { addApiKey } from '../engine/api-keys.js'
import { systemClock, type Clock } from '../engine/clock.js'
import { createEngine, type Engine } from '../engine/engine.js'
import type { CodeHandler } from '../engine/mcp/code.js'
import { checkProvider, registerProvider, type OAuthProvider } from '../engine/oauth/providers.js'
import type { Fetch } from '../engine/oauth/token-request.js'
import { sourceKey, type OptionsSource, type PropsSource } from '../engine/properties.js'
import { seededRandom, type RandomSource } from '../engine/random.js'
import type { Openings } from '../engine/vault/index.js'
import {
  builtInProvider,
  clientIdOf,
  createAuthorizationServer,
  providerFetch,
  type AuthorizationServer,
} from './provider/index.js'
import {
  audit,
  type Audit,
  type AuditOptions,
  type ExplainOptions,
  type Explanation,
} from '../engine/resolver/index.js'
import { usualBaseUrl } from './base-url.js'
import { explainRequest, type ExplainRequest } from './control/explain.js'
import { createEvents, type Events } from './events.js'
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
  /** OAuth apps of the tenant, for `oauthAppMode: 'custom'`. Without a `provider`, that of the integration is used. */
  readonly oauthApps?: readonly {
    readonly id: string
    readonly integrationName: string
    readonly provider?: OAuthProvider
  }[]
  /** Where the users of an integration authorise, by its name. Default: the built-in provider, for all of them. */
  readonly oauthProviders?: Readonly<Record<string, OAuthProvider>>
  /** Carries requests to the token endpoints of `oauthProviders`. Default: the global `fetch`. */
  readonly providerFetch?: Fetch
  /**
   * Carries the events of triggers and approvals to their receivers. Default: the global `fetch`, for loopback addresses
   * alone; what goes elsewhere is not sent, and its delivery says why.
   */
  readonly deliveryFetch?: Fetch
  /** The shortest interval, in minutes, that the plan allows polling triggers. Default 1. */
  readonly minPollingIntervalMinutes?: number
  /** Seconds that an access token of the built-in provider lives. Default 3600. */
  readonly accessTokenLifetime?: number
}

/** The built-in provider, as a third party and its users see it. */
export type BuiltInProvider = Pick<AuthorizationServer, 'accepts' | 'revoke'>

/** An offline Weavz: the whole API in process, with real state, real resolution and real sealing. */
export interface MockWeavz extends Events {
  /** An API key of the organization. */
  readonly apiKey: string
  /** Answers like `https://api.weavz.io`, whatever the host: give it to `new WeavzClient({ fetch })`. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** Plays the person in front of the hosted connect page. */
  readonly user: ScriptedUser
  /**
   * The OAuth provider that is there by default.
   *
   * @example
   * weavz.onAction('slack', 'list_users', ({ credentials }) => {
   *   if (weavz.provider.accepts(credentials.accessToken.reveal())) return []
   *   throw Object.assign(new Error('invalid_auth'), { status: 401 })
   * })
   */
  readonly provider: BuiltInProvider
  /** Every credential that was opened: none at rest, in lists or while resolving; only to run an action. */
  readonly openings: Openings
  /**
   * Why a request resolves as it does: the ladder step by step, every candidate, mistaken identifiers and verified
   * fixes. Opens no secret. `render(explanation, 'text')` of `@weavz/sdk/resolver` prints it.
   *
   * @example
   * weavz.explain({ workspaceId, integrationName: 'slack', endUserId: 'user_123' }).outcome
   */
  explain(request: ExplainRequest, options?: ExplainOptions): Explanation
  /**
   * What each end user would get from each workspace integration, as a matrix.
   *
   * @example
   * render(weavz.audit({ workspaceId }), 'markdown')
   */
  audit(options?: AuditOptions): Audit
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
   * Plays the sandbox of code mode: gets the code of `mcpServers.executeCode` or of the MCP tool `weavz_execute`, and the
   * `weavz` that the code calls. What it returns is the `output` of the run; what it throws makes the run fail. Without
   * a handler the mock runs no code, and answers 400 `ACTION_FAILED`.
   *
   * @example
   * weavz.onExecuteCode(({ weavz }) => weavz.datetime.parse_date({ dateString: '2025-01-15' }))
   */
  onExecuteCode(handler: CodeHandler): void
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

function addProvider(engine: Engine, id: string, provider: OAuthProvider): void {
  checkProvider(id, provider)
  void registerProvider(engine, id, provider)
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
    clock = systemClock,
    deliveryFetch,
    minPollingIntervalMinutes,
    random = seededRandom(1),
    managedOAuthApps,
    oauthApps = [],
    oauthProviders = {},
    providerFetch: foreignFetch = (url, init) => fetch(url, init),
    accessTokenLifetime,
    ...routing
  } = options
  if (given !== undefined && !/^wvz_\S+$/.test(given)) {
    throw new TypeError('apiKey must begin with wvz_ and hold no spaces')
  }
  const provider = createAuthorizationServer({
    clock,
    random,
    ...(accessTokenLifetime !== undefined && { accessTokenLifetime }),
  })
  const engine = createEngine({
    random,
    clock,
    ...(managedOAuthApps && { managedOAuthApps }),
    ...(minPollingIntervalMinutes !== undefined && { minPollingIntervalMinutes }),
    deliveries: {
      ...(deliveryFetch && { fetch: deliveryFetch }),
      // Nobody can wait on a clock that only tells the time
      ...(options.clock && { sleep: async () => undefined }),
    },
    oauth: {
      fetch: providerFetch(provider, foreignFetch),
      defaultProvider: (app) =>
        builtInProvider(provider, app, engine.catalog.get(app.integrationName)?.displayName),
      onImport: (app, { fields, expiresIn }) => {
        const { accessToken, refreshToken } = fields
        provider.adopt(clientIdOf(app), { accessToken, refreshToken, expiresIn })
      },
    },
  })
  for (const { id, integrationName, provider: own } of oauthApps) {
    engine.state.tables.oauthApps.put({ id, integrationName })
    if (own) addProvider(engine, id, own)
  }
  for (const [name, own] of Object.entries(oauthProviders)) addProvider(engine, name, own)
  const apiKey = given ?? engine.ids.token('wvz_')
  addApiKey(engine, { name: 'Default', plainKey: apiKey })
  const app = createRouter(engine, provider, routing)

  function checkOperation(integrationName: string, operationName: string): void {
    const integration = engine.catalog.get(integrationName)
    if (!integration) throw new Error(`The catalog has no integration "${integrationName}"`)
    const operations = { ...integration.triggers, ...integration.actions }
    if (!Object.hasOwn(operations, operationName)) {
      throw new Error(`"${integrationName}" has no action or trigger "${operationName}"`)
    }
  }

  return {
    ...createEvents(engine),
    apiKey,
    fetch: async (input, init) =>
      app.fetch(input instanceof Request && init === undefined ? input : new Request(input, init)),
    user: createScriptedUser(engine, provider, routing.baseUrl ?? usualBaseUrl),
    provider: { accepts: provider.accepts, revoke: provider.revoke },
    openings: engine.vault.openings,
    explain: (request, options) => explainRequest(engine, request, options),
    audit: (options) => audit(engine.state, options),
    onAction(integrationName, actionName, handler) {
      checkOperation(integrationName, actionName)
      engine.actions.set(integrationName, actionName, handler)
    },
    onExecuteCode(handler) {
      engine.actions.code = handler
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
