import { endOverdue } from '../engine/approvals/requests.js'
import type { ControlledClock } from '../engine/controlled-clock.js'
import { sourceKey } from '../engine/properties.js'
import { parseQuotas, quotaUsage, setQuotas } from '../engine/quotas.js'
import { audit } from '../engine/resolver/index.js'
import { explainRequest } from './control/explain.js'
import { isControl } from './control/guard.js'
import { createControl } from './control/index.js'
import { createEvents } from './events.js'
import { checkOperation } from './kit/catalog-names.js'
import type { Recorder } from './kit/changes.js'
import { isTarget, noTarget } from './kit/faults.js'
import { followOpenings } from './kit/openings.js'
import type { Ids } from './kit/seed-schema.js'
import { assertQuiet } from './kit/quiet.js'
import { readSnapshot, writeSnapshot } from './kit/snapshot.js'
import type { MockWeavz } from './mock.js'
import { addressOf, requestOf } from './messages/request.js'
import { platformResponse } from './messages/response.js'
import { cameOverNetwork } from './peer.js'
import { createScriptedUser } from './user.js'
import { createWorld, forkPast, type Past, type World, type WorldSetup } from './world.js'

export interface FacadeSetup<I extends Ids> extends WorldSetup {
  readonly apiKey: string
  readonly controlToken: string | undefined
  /** Hears of every change, if somebody keeps them. */
  readonly recorder?: Recorder | undefined
  /** Id of the key that credentials are sealed under. */
  readonly vaultKey: string
  readonly seeded: I
}

/** What a mock begins with: its world, and what reset leads back to; or when that will be there. */
export type Beginning = { readonly world: World } & (
  { readonly baseline: Past } | { readonly prepared: Promise<void> }
)

/** Who hands on a Request is a server, or stands in for one, and not all of those take objects that pass for a Response. */
function forCaller(input: string | URL | Request, response: Response): Response {
  return input instanceof Request && !cameOverNetwork(input) ? platformResponse(response) : response
}

/** A mock as its users hold it: it stays the same object while the world behind it is replaced. */
export function createFacade<I extends Ids>(setup: FacadeSetup<I>, beginning: Beginning): MockWeavz<I> {
  const { apiKey, controlToken, vaultKey, seeded } = setup
  const openings = followOpenings()
  const seededSessions = new Set(Object.values(seeded.connectSessions))
  let { world } = beginning
  let baseline = 'baseline' in beginning ? beginning.baseline : undefined
  openings.follow(world.engine.vault.openings)
  setup.recorder?.follow(world, vaultKey)

  async function prepare(prepared: Promise<void>): Promise<void> {
    await prepared
    baseline = world.past()
  }
  const ready = 'prepared' in beginning ? prepare(beginning.prepared) : Promise.resolve()
  // Whoever sends a request learns of it there
  ready.catch(() => undefined)

  /** The world, for what cannot wait. */
  function current(): World {
    if (!baseline) throw new Error('The seed is still being sealed: await weavz.ready first')
    return world
  }

  function enter(past: Past): void {
    world.clock.stop()
    world = createWorld(setup, past)
    openings.follow(world.engine.vault.openings)
    setup.recorder?.follow(world, vaultKey)
  }

  /** Approvers hear that a request ran out when the clock passes its end, and not when somebody looks. */
  async function moved(move: (clock: ControlledClock) => Promise<void>): Promise<void> {
    const { clock, engine } = world
    await move(clock)
    endOverdue(engine)
  }

  /** What survives reset and restore: what the test has taught the mock. */
  function taught() {
    const { catalog, actions, properties } = current().engine
    return { catalog, actions, properties }
  }

  /** The platform holds a request's signal weakly: collected as garbage, it would never hear that the caller gives up. */
  const underWay = new Set<Request>()

  const engine = () => world.engine
  const user = async () => {
    await ready
    return createScriptedUser(world.engine, world, setup.routing.baseUrl)
  }

  const weavz: MockWeavz<I> = {
    ...createEvents(() => world),
    apiKey,
    hasControlToken: controlToken !== undefined,
    ready,
    seeded,
    openings,
    async fetch(input, init) {
      if (!baseline) await ready
      const request = input instanceof Request && init === undefined ? input : requestOf(input, init)
      // As the platform's fetch does: a retry that forgot to clone must not pass for a call with an empty body
      if (request === input && request.bodyUsed) {
        throw new TypeError('The body of this Request has been read already: send a clone of it')
      }
      request.signal.throwIfAborted()
      // The world of the moment: a reset while this is under way does not concern it
      const { app, journal } = world
      const url = addressOf(request)
      if (isControl(url)) return forCaller(input, await control(request))
      const exchange = journal.begin(request, url)
      underWay.add(request)
      try {
        const response = await app.fetch(request, exchange)
        // There is nobody left to answer
        if (request.signal.aborted) exchange.lost ??= { error: request.signal.reason }
        journal.end(exchange, response)
        if (exchange.lost) throw exchange.lost.error
        return forCaller(input, response)
      } finally {
        underWay.delete(request)
      }
    },
    user: {
      approve: async (...given) => (await user()).approve(...given),
      deny: async (...given) => (await user()).deny(...given),
      abandon: async (...given) => (await user()).abandon(...given),
      signIn: async (...given) => (await user()).signIn(...given),
      cancelSignIn: async (...given) => (await user()).cancelSignIn(...given),
    },
    provider: {
      accepts: (accessToken) => world.provider.accepts(accessToken),
      revoke: (accessToken) => world.provider.revoke(accessToken),
    },
    clock: {
      get frozen() {
        return world.clock.frozen
      },
      now: () => world.clock.now(),
      freeze: (at) => world.clock.freeze(at),
      resume: () => world.clock.resume(),
      // What the seed holds begins at its own time, not at the one that the clock is moved to
      async set(time) {
        if (!baseline) await ready
        await moved((clock) => clock.set(time))
      },
      async advance(duration) {
        if (!baseline) await ready
        await moved((clock) => clock.advance(duration))
      },
    },
    journal: {
      get count() {
        return world.journal.count
      },
      get dropped() {
        return world.journal.dropped
      },
      list: () => world.journal.list(),
      clear: () => world.journal.clear(),
      toJSON: () => world.journal.toJSON(),
    },
    faults: {
      add: (spec) => world.faults.add(spec),
      list: () => world.faults.list(),
      remove: (id) => world.faults.remove(id),
      clear: () => world.faults.clear(),
    },
    quotas: {
      set: (limits) => setQuotas(current().engine, parseQuotas(limits)),
      usage: () => quotaUsage(current().engine),
    },
    assertQuiet: (options) => assertQuiet(current(), seededSessions, options),
    calls(id) {
      // A mistyped name has no calls, which is what a test may be hoping for
      if (!isTarget(id)) throw new TypeError(noTarget(id))
      return world.journal.list().filter(({ endpoint }) => endpoint === id)
    },
    reset() {
      const { catalog, ...kept } = taught()
      const past = baseline as Past
      const state = past.memory.state.fork(catalog)
      enter({ ...forkPast(past), memory: { ...past.memory, ...kept, catalog, state } })
    },
    fork() {
      const next = createWorld(setup, current().past())
      return createFacade({ ...setup, recorder: undefined }, { world: next, baseline: baseline as Past })
    },
    snapshot: () => writeSnapshot(current().present(), vaultKey),
    restore: (snapshot) => enter(readSnapshot(snapshot, vaultKey, taught())),
    explain: (request, options) => explainRequest(current().engine, request, options),
    audit: (options) => audit(current().engine.state, options),
    onAction(integrationName, actionName, handler) {
      checkOperation(engine().catalog, integrationName, actionName, { actions: true })
      if (typeof handler !== 'function') {
        throw new TypeError(`The handler of "${integrationName}" "${actionName}" must be a function`)
      }
      engine().actions.set(integrationName, actionName, handler)
    },
    onExecuteCode(handler) {
      engine().actions.code = handler
    },
    onOptions(integrationName, operationName, propertyName, source) {
      checkOperation(engine().catalog, integrationName, operationName, { actions: true })
      engine().properties.options.set(sourceKey(integrationName, operationName, propertyName), source)
    },
    onProps(integrationName, operationName, propertyName, source) {
      checkOperation(engine().catalog, integrationName, operationName, { actions: true })
      engine().properties.props.set(sourceKey(integrationName, operationName, propertyName), source)
    },
  }
  // Not before it is asked: every fork would pay for routes that few need
  let routes: ReturnType<typeof createControl> | undefined
  const control = (request: Request) =>
    (routes ??= createControl(weavz, engine, { controlToken, baseUrl: setup.routing.baseUrl }))(request)
  return weavz
}
