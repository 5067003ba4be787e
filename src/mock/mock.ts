import { defaultBaseUrl } from '../contract/base-url.js'
import type { ActionHandler } from '../engine/action-registry.js'
import { addApiKey } from '../engine/api-keys.js'
import { systemClock } from '../engine/clock.js'
import type { ControlledClock } from '../engine/controlled-clock.js'
import type { Engine } from '../engine/engine.js'
import { hashToken } from '../engine/hash.js'
import type { CodeHandler } from '../engine/mcp/code.js'
import { checkProvider, registerProvider, type OAuthProvider } from '../engine/oauth/providers.js'
import type { OptionsSource, PropsSource } from '../engine/properties.js'
import { parseQuotas, setQuotas, type Quotas, type QuotaUsage } from '../engine/quotas.js'
import { seededRandom } from '../engine/random.js'
import type { Audit, AuditOptions, ExplainOptions, Explanation } from '../engine/resolver/index.js'
import { KeyRing, type Openings } from '../engine/vault/index.js'
import type { ExplainRequest } from './control/explain.js'
import { checkControlToken } from './control/guard.js'
import type { Events } from './events.js'
import type { ExchangeId } from './exchanges.js'
import { createFacade } from './facade.js'
import type { Recorder } from './kit/changes.js'
import type { Faults } from './kit/faults.js'
import type { JournalEntry } from './kit/exchange.js'
import type { Journal } from './kit/journal.js'
import type { QuietOptions } from './kit/quiet.js'
import { checkFields } from './kit/seed-fields.js'
import { parseSeed, type Ids, type Seed, type SeededIds } from './kit/seed-schema.js'
import { applySeed, checkReferences, chooseIds, registerIntegrations } from './kit/seed.js'
import { checkOptionNames, type MockWeavzOptions } from './options.js'
import type { AuthorizationServer } from './provider/index.js'
import { checkRateLimits } from './rate-limit.js'
import type { ScriptedUser } from './user.js'
import { createWorld } from './world.js'

/** The built-in provider, as a third party and its users see it. */
export type BuiltInProvider = Pick<AuthorizationServer, 'accepts' | 'revoke'>

/** An offline Weavz: the whole API in process, with real state, real resolution and real sealing. */
export interface MockWeavz<I extends Ids = Ids> extends Events {
  /** An API key of the organization. */
  readonly apiKey: string
  /** Whether the control routes need the `controlToken`. */
  readonly hasControlToken: boolean
  /** Answers like `https://api.weavz.io`, whatever the host: give it to `new WeavzClient({ fetch })`. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** Plays the person in front of the hosted pages. */
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
   * When the seed is in place, its credentials sealed: at once without connections. Requests wait for it by themselves.
   *
   * @throws SeedError for whatever the API would have refused.
   */
  readonly ready: Promise<void>
  /**
   * The ids of what was seeded, by section and name.
   *
   * @example weavz.seeded.workspaces.acme
   */
  readonly seeded: I
  /**
   * The time of this Weavz. Everything that expires, and every wait, goes by it.
   *
   * @example
   * await weavz.clock.advance('4h')
   */
  readonly clock: MockClock
  /**
   * Every exchange: request and response without secrets, what was wrong with the request, how connections were chosen,
   * what was opened. Empty after `reset` and in a fork.
   */
  readonly journal: Journal
  /** Faults to inject into calls of the API, and into those to token endpoints. None after `reset` and in a fork. */
  readonly faults: Faults
  /** What the plan limits, and how much of it is used. Part of the state: of reset, forks and snapshots. */
  readonly quotas: {
    /**
     * Sets limits from now on; null lifts one, and what is not named keeps its own. Nothing that is there is taken away.
     *
     * @throws TypeError for what is no limit; Error before `ready`.
     * @example
     * weavz.quotas.set({ workspaces: 3, monthlyActions: 1000 })
     */
    set(limits: Quotas): void
    /**
     * How much is used, and may be; a limit is null where there is none.
     *
     * @throws Error before `ready`.
     * @example
     * weavz.quotas.usage().monthlyActions // { used: 12, limit: 1000 }
     */
    usage(): QuotaUsage
  }
  /**
   * Fails if a test has left something behind: connect sessions that are neither over nor expired nor of the seed,
   * faults that still wait for a call; if credentials were opened that should have stayed shut; or if a list was asked
   * with a parameter that it does not have, which the API ignores.
   *
   * @param options.openings Which connections the test may have used: `'none'`, or their external ids or ids. Default:
   * any, by executing, refreshing and firing.
   * @throws Error that names all of it, and says what to do; TypeError for a name that no connection has or had, as far as
   * the journal tells; Error before `ready`.
   * @example
   * afterEach(() => weavz.assertQuiet())
   * // A call that is refused opens nothing
   * weavz.assertQuiet({ openings: 'none' })
   */
  assertQuiet(options?: QuietOptions): void
  /**
   * The exchanges with one endpoint, oldest first.
   *
   * @throws TypeError if nothing is called that; it names the nearest.
   * @example
   * expect(weavz.calls('actions.execute')).toHaveLength(1)
   */
  calls(endpoint: ExchangeId): readonly JournalEntry[]
  /**
   * Back to the state after seeding, clock and ids included. What you taught it stays: `onAction` and the like,
   * registered integrations. Requests that are under way go on in the world that was left.
   *
   * @throws Error before `ready`.
   * @example
   * afterEach(() => weavz.reset())
   */
  reset(): void
  /**
   * An independent copy with the same key and the same state, in well under a millisecond. Its `reset` leads back to
   * the seed, too.
   *
   * @throws Error before `ready`.
   * @example
   * test.concurrent('…', async () => {
   *   const weavz = shared.fork()
   * })
   */
  fork(): MockWeavz<I>
  /**
   * The whole state as canonical JSON, clock and random source included. Credentials stay sealed in it.
   *
   * @throws Error before `ready`.
   */
  snapshot(): string
  /**
   * Goes on from a snapshot, which may come from another process with the same vault key. API keys are those of the
   * snapshot; what you taught this mock stays.
   *
   * @throws TypeError if it is no snapshot of this version, or was sealed under another key; Error before `ready`.
   */
  restore(snapshot: string): void
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

/** `now` in milliseconds since the epoch; times are given as such, in ISO 8601 or as a Date. */
export type MockClock = Pick<ControlledClock, 'now' | 'frozen' | 'freeze' | 'resume' | 'set' | 'advance'>

function addProvider(engine: Engine, id: string, provider: OAuthProvider): void {
  checkProvider(id, provider)
  void registerProvider(engine, id, provider)
}

/**
 * Starts an offline Weavz in this process: no port, no network, no account.
 *
 * @throws TypeError for an option that there is not; SeedError if the seed has a field that there is not, or a name that
 * stands for nothing. What the API would refuse is thrown by `ready`, and by every request.
 * @example
 * const weavz = createMockWeavz()
 * const client = new WeavzClient({ apiKey: weavz.apiKey, fetch: weavz.fetch })
 */
export function createMockWeavz<S extends Seed = Seed>(
  options: MockWeavzOptions<S> = {},
): MockWeavz<SeededIds<S>> {
  return createRecordedMock(options, undefined)
}

/** A mock of which somebody hears every change. */
export function createRecordedMock<S extends Seed = Seed>(
  options: MockWeavzOptions<S>,
  recorder: Recorder | undefined,
): MockWeavz<SeededIds<S>> {
  checkOptionNames(options)
  const {
    apiKey: given,
    controlToken,
    clock = systemClock,
    random = seededRandom(1),
    vaultKey = random.bytes(32),
    seed = {},
    quotas = {},
    oauthApps = [],
    oauthProviders = {},
    managedOAuthApps: _managed,
    deliveryFetch: _deliveryFetch,
    minPollingIntervalMinutes: _minPolling,
    providerFetch: _providerFetch,
    accessTokenLifetime: _lifetime,
    journalLimit: _journalLimit,
    ...routing
  } = options
  if (given !== undefined && !/^wvz_\S+$/.test(given)) {
    throw new TypeError('apiKey must begin with wvz_ and hold no spaces')
  }
  if (controlToken !== undefined) checkControlToken(controlToken)
  const { requestsPerMinute, connectRequestsPerMinute } = routing
  checkRateLimits({ requestsPerMinute, connectRequestsPerMinute })
  // Named by its hash, so that a snapshot tells which key it needs
  const kid = `mock-${hashToken(`weavz mock vault key ${vaultKey.join()}`).slice(0, 16)}`
  const setup = { clock, random, keys: new KeyRing().add(kid, vaultKey), routing, options }
  const world = createWorld(setup)
  const { engine } = world
  const planned = parseSeed(seed)
  checkFields(planned)
  const limits = { ...planned.quotas, ...parseQuotas(quotas) }
  if (planned.now !== undefined) world.clock.freeze(planned.now)
  for (const { id, integrationName, provider: own } of oauthApps) {
    engine.state.tables.oauthApps.put({ id, integrationName })
    if (own) addProvider(engine, id, own)
  }
  for (const [name, own] of Object.entries(oauthProviders)) addProvider(engine, name, own)
  const apiKey = given ?? engine.ids.token('wvz_')
  addApiKey(engine, { name: 'Default', plainKey: apiKey })
  registerIntegrations(engine, planned)
  const seeded = chooseIds(engine, planned)
  checkReferences(planned, seeded)
  let complete = false
  const applied = applySeed(engine, planned, seeded, routing.baseUrl ?? defaultBaseUrl, () => {
    // Only now: what a seed holds is given, not asked for
    setQuotas(engine, limits)
    complete = true
  })
  const { registering } = engine.oauth
  const prepared = Promise.all([applied, ...registering.values()]).then(() => undefined)
  const atOnce = complete && registering.size === 0
  // The ids are those of the names in the seed that was given
  const whole = {
    ...setup,
    apiKey,
    controlToken,
    recorder,
    vaultKey: kid,
    seeded: seeded as unknown as SeededIds<S>,
  }
  return createFacade(whole, atOnce ? { world, baseline: world.past() } : { world, prepared })
}
