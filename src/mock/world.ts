import type { Clock } from '../engine/clock.js'
import { createControlledClock, type ClockState, type ControlledClock } from '../engine/controlled-clock.js'
import { createEngine, forkMemory, type Engine, type Memory } from '../engine/engine.js'
import type { Fetch } from '../engine/oauth/token-request.js'
import { seededRandom, type RandomSource, type SeededRandom } from '../engine/random.js'
import { createVault, type KeyRing } from '../engine/vault/index.js'
import {
  builtInProvider,
  clientIdOf,
  createAuthorizationServer,
  createStore,
  forkStore,
  providerFetch,
  type AuthorizationServer,
  type Store,
} from './provider/index.js'
import { createFaults, type FaultSet } from './kit/faults.js'
import { createStrays, type Strays } from './kit/strays.js'
import { createJournal, type RecordingJournal } from './kit/journal.js'
import type { MockWeavzOptions } from './options.js'
import { createOutgoing, type Outgoing } from './outgoing.js'
import { createRouter, type Router, type RouterOptions } from './router.js'
import { forkTraffic, newTraffic, type Traffic } from './traffic.js'
import { createSignIn, type SignIn } from './sign-in/index.js'

/** What all worlds of one mock, and of its forks, have in common. */
export interface WorldSetup {
  /** The clock below the mock's own. */
  readonly clock: Clock
  /** Where a world draws from that begins without a past. */
  readonly random: RandomSource
  readonly keys: KeyRing
  readonly routing: RouterOptions
  readonly options: Pick<
    MockWeavzOptions,
    | 'managedOAuthApps'
    | 'providerFetch'
    | 'deliveryFetch'
    | 'accessTokenLifetime'
    | 'minPollingIntervalMinutes'
    | 'journalLimit'
  >
}

/** Where a world begins: what reset, fork and restore make another world of. */
export interface Past {
  readonly clock: ClockState
  /** Null: the source was passed in, and goes on from wherever it is. */
  readonly random: readonly number[] | null
  readonly memory: Memory
  /** Of the built-in provider. */
  readonly store: Store
  /** Of the server where end users sign in for MCP clients. */
  readonly signInStore: Store
  readonly traffic: Traffic
}

/** Everything of a mock that changes. Reset and restore replace it as a whole, so that no request sees half of one. */
export interface World {
  readonly engine: Engine
  readonly clock: ControlledClock
  readonly provider: AuthorizationServer
  readonly signIn: SignIn
  readonly journal: RecordingJournal
  readonly faults: FaultSet
  readonly outgoing: Outgoing
  readonly strays: Strays
  /** The routes; made when they are first asked for, because most forks answer few requests. */
  readonly app: Router
  /** All that a snapshot holds, as it is: who keeps it sees it change. */
  present(): Past
  /** What another world could begin with: a copy. */
  past(): Past
}

/** An independent copy. */
export function forkPast(past: Past): Past {
  const { memory, store, signInStore, traffic } = past
  return {
    ...past,
    memory: forkMemory(memory),
    store: forkStore(store),
    signInStore: forkStore(signInStore),
    traffic: forkTraffic(traffic),
  }
}

const isSeeded = (random: RandomSource): random is SeededRandom => 'state' in random

export function createWorld(setup: WorldSetup, past?: Past): World {
  const random = past?.random && isSeeded(setup.random) ? seededRandom(past.random) : setup.random
  const store = past?.store ?? createStore()
  const signInStore = past?.signInStore ?? createStore()
  const traffic = past?.traffic ?? newTraffic()
  const clock = createControlledClock({ base: setup.clock, ...(past && { state: past.clock }) })
  const { accessTokenLifetime, managedOAuthApps, minPollingIntervalMinutes, deliveryFetch } = setup.options
  const { providerFetch: foreignFetch = (url, init) => fetch(url, init) } = setup.options
  const provider = createAuthorizationServer({
    clock,
    random,
    store,
    accessTokenLifetime,
  })
  const engine = createEngine({
    random,
    clock,
    vault: createVault({ keys: setup.keys, clock, random }),
    ...(past && { from: past.memory }),
    ...(managedOAuthApps && { managedOAuthApps }),
    ...(minPollingIntervalMinutes !== undefined && { minPollingIntervalMinutes }),
    approvals: { sleep: clock.sleep },
    deliveries: {
      ...(deliveryFetch && { fetch: deliveryFetch }),
      follow: (message, fetch) => outgoing.follow(message, fetch),
      sleep: clock.pause,
    },
    oauth: {
      fetch: (address, init) => outgoing.tokens(address, init),
      sleep: clock.pause,
      defaultProvider: (app) =>
        builtInProvider(provider, app, engine.catalog.get(app.integrationName)?.displayName),
      onImport: (app, { fields, expiresIn }) => {
        const { accessToken, refreshToken } = fields
        provider.adopt(clientIdOf(app), { accessToken, refreshToken, expiresIn })
      },
    },
  })
  const signIn = createSignIn(engine, { store: signInStore, accessTokenLifetime })
  const journal = createJournal(clock, engine.vault, setup.options.journalLimit)
  const faults = createFaults(clock)
  const present = (): Past => ({
    clock: clock.state(),
    random: isSeeded(random) ? random.state() : null,
    memory: engine,
    store,
    signInStore,
    traffic,
  })
  const strays = createStrays()
  const outgoing = createOutgoing({
    ...{ journal, faults, strays, redactor: engine.vault.redactor },
    tokenFetch: (address, init) => (carry ??= providerFetch(provider, foreignFetch))(address, init),
  })
  const tools = { faults, outgoing, traffic, strays }
  let app: Router | undefined
  let carry: Fetch | undefined
  return {
    engine,
    clock,
    provider,
    signIn,
    journal,
    faults,
    outgoing,
    strays,
    get app() {
      return (app ??= createRouter(engine, { provider, signIn }, tools, setup.routing))
    },
    present,
    past: () => forkPast(present()),
  }
}
