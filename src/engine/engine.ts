import type { JsonObject } from '../contract/schema.js'
import { createActionRegistry, type ActionRegistry } from './action-registry.js'
import { createCatalog, type Catalog } from './catalog/catalog.js'
import { createApprovalRuntime, type ApprovalOptions, type ApprovalRuntime } from './approvals/runtime.js'
import { systemClock, timestamp, type Clock } from './clock.js'
import { createDeliveryRuntime, type DeliveryOptions, type DeliveryRuntime } from './deliveries.js'
import { createIds, type IdSource } from './ids.js'
import { createOAuthRuntime, type OAuthOptions, type OAuthRuntime } from './oauth/runtime.js'
import type { PropertySources } from './properties.js'
import { secureRandom, type RandomSource } from './random.js'
import type { Resolution, ResolutionRequest } from './resolver/index.js'
import type { TracedStep } from './resolver/trace.js'
import { State } from './state.js'
import { KeyRing, createVault, type Vault } from './vault/index.js'

export interface EngineOptions {
  readonly clock?: Clock
  readonly random?: RandomSource
  readonly vault?: Vault
  /** What another engine has learnt so far; it becomes this one's own. Default: nothing. */
  readonly from?: Memory
  /** Integrations that have an OAuth app managed by Weavz. Default: all. */
  readonly managedOAuthApps?: readonly string[]
  readonly approvals?: ApprovalOptions
  readonly oauth?: OAuthOptions
  readonly deliveries?: DeliveryOptions
  /** The shortest interval, in minutes, that the plan allows polling triggers. Default 1. */
  readonly minPollingIntervalMinutes?: number
}

/** What an engine has learnt: the organization and everything in it, and what a test taught it. */
export interface Memory {
  readonly orgId: string
  readonly catalog: Catalog
  readonly state: State
  readonly actions: ActionRegistry
  readonly properties: PropertySources
}

/** An independent copy. */
export function forkMemory({ orgId, state, actions, properties, ...memory }: Memory): Memory {
  const catalog = memory.catalog.fork()
  return {
    orgId,
    catalog,
    state: state.fork(catalog),
    actions: actions.fork(),
    properties: { options: new Map(properties.options), props: new Map(properties.props) },
  }
}

/** One action that was to run. */
export interface Execution {
  readonly integrationName: string
  readonly actionName: string
  /** What the action got: defaults, partials and the caller's input, merged. Of a refused one at least the latter. */
  readonly input: JsonObject
  readonly outcome: 'executed' | 'refused' | 'approval_required'
  /** Of a refusal: its code. */
  readonly code: string | null
}

/** Hears what is done for one request. */
export interface EngineObserver {
  /** How a connection was chosen. */
  resolved(request: ResolutionRequest, answer: Resolution, steps: readonly TracedStep[]): void
  /** What became of an action. */
  executed(execution: Execution): void
}

/** One Weavz: its state and where it takes time, ids and secrets from. Knows nothing of HTTP. */
export interface Engine extends Memory {
  /** Of the request that this engine works for. Without one no trace is kept. */
  readonly observer?: EngineObserver
  readonly clock: Clock
  readonly random: RandomSource
  readonly ids: IdSource
  readonly vault: Vault
  readonly approvals: ApprovalRuntime
  readonly oauth: OAuthRuntime
  readonly deliveries: DeliveryRuntime
  readonly minPollingIntervalMinutes: number
  readonly hasManagedOAuthApp: (integrationName: string) => boolean
  /** The time as the API writes it. */
  now(): string
}

/** A vault with a key of its own, which nobody ever sees: fit for a Weavz that forgets everything at the end. */
function throwawayVault(clock: Clock, random: RandomSource): Vault {
  return createVault({ keys: new KeyRing().add('mock', random.bytes(32)), clock, random })
}

function newMemory(ids: IdSource): Memory {
  const catalog = createCatalog()
  return {
    orgId: ids.uuid(),
    catalog,
    state: new State(catalog),
    actions: createActionRegistry(),
    properties: { options: new Map(), props: new Map() },
  }
}

export function createEngine(options: EngineOptions = {}): Engine {
  const clock = options.clock ?? systemClock
  const random = options.random ?? secureRandom
  const ids = createIds(random)
  const memory = options.from ?? newMemory(ids)
  const managed = options.managedOAuthApps && new Set(options.managedOAuthApps)
  return {
    ...memory,
    clock,
    random,
    ids,
    vault: options.vault ?? throwawayVault(clock, random),
    approvals: createApprovalRuntime(options.approvals),
    oauth: createOAuthRuntime(options.oauth),
    deliveries: createDeliveryRuntime(options.deliveries),
    minPollingIntervalMinutes: options.minPollingIntervalMinutes ?? 1,
    hasManagedOAuthApp: (name) => managed?.has(name) ?? true,
    now: () => timestamp(clock.now()),
  }
}
