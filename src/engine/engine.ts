import { createActionRegistry, type ActionRegistry } from './action-registry.js'
import { createCatalog, type Catalog } from './catalog/catalog.js'
import { systemClock, timestamp, type Clock } from './clock.js'
import { createIds, type IdSource } from './ids.js'
import { createOAuthRuntime, type OAuthOptions, type OAuthRuntime } from './oauth/runtime.js'
import type { PropertySources } from './properties.js'
import { secureRandom, type RandomSource } from './random.js'
import { State } from './state.js'
import { KeyRing, createVault, type Vault } from './vault/index.js'

export interface EngineOptions {
  readonly clock?: Clock
  readonly random?: RandomSource
  readonly vault?: Vault
  /** Integrations that have an OAuth app managed by Weavz. Default: all. */
  readonly managedOAuthApps?: readonly string[]
  readonly oauth?: OAuthOptions
}

/** One Weavz: its state and where it takes time, ids and secrets from. Knows nothing of HTTP. */
export interface Engine {
  readonly orgId: string
  readonly clock: Clock
  readonly random: RandomSource
  readonly ids: IdSource
  readonly catalog: Catalog
  readonly state: State
  readonly vault: Vault
  readonly actions: ActionRegistry
  readonly properties: PropertySources
  readonly oauth: OAuthRuntime
  readonly hasManagedOAuthApp: (integrationName: string) => boolean
  /** The time as the API writes it. */
  now(): string
}

/** A vault with a key of its own, which nobody ever sees: fit for a Weavz that forgets everything at the end. */
function throwawayVault(clock: Clock, random: RandomSource): Vault {
  return createVault({ keys: new KeyRing().add('mock', random.bytes(32)), clock, random })
}

export function createEngine(options: EngineOptions = {}): Engine {
  const clock = options.clock ?? systemClock
  const random = options.random ?? secureRandom
  const ids = createIds(random)
  const catalog = createCatalog()
  const managed = options.managedOAuthApps && new Set(options.managedOAuthApps)
  return {
    orgId: ids.uuid(),
    clock,
    random,
    ids,
    catalog,
    state: new State(catalog),
    vault: options.vault ?? throwawayVault(clock, random),
    actions: createActionRegistry(),
    properties: { options: new Map(), props: new Map() },
    oauth: createOAuthRuntime(options.oauth),
    hasManagedOAuthApp: (name) => managed?.has(name) ?? true,
    now: () => timestamp(clock.now()),
  }
}
