import type { Integration, IntegrationSummary } from '../../contract/integrations.js'
import type { ConnectionType } from '../../contract/connections.js'
import type { AuthEntry, CatalogEntry } from './entry.js'
import { checkEntry } from './check.js'
import { describeIntegration, summarize } from './describe.js'
import shipped from './catalog.json' with { type: 'json' }

/** An integration as the engine uses it. */
export interface CatalogIntegration extends CatalogEntry {
  readonly name: string
}

/** All integrations that this Weavz knows, by name. */
export interface Catalog {
  get(name: string): CatalogIntegration | undefined
  values(): Iterable<CatalogIntegration>
  /** Adds an integration, or replaces the one of that name. @throws TypeError if the entry is malformed. */
  register(name: string, entry: CatalogEntry): void
  /** As the API shows it. */
  describe(integration: CatalogIntegration): Integration
  summarize(integration: CatalogIntegration): IntegrationSummary
  /** An independent copy. */
  fork(): Catalog
}

type Integrations = Map<string, CatalogIntegration>

function shippedIntegrations(): Integrations {
  const entries = Object.entries(shipped as unknown as Record<string, CatalogEntry>)
  return new Map(entries.map(([name, entry]) => [name, { name, ...entry }]))
}

export function createCatalog(integrations: Integrations = shippedIntegrations()): Catalog {
  // Descriptions are long and most tests never ask for one, so each is made when first asked for.
  const described = new WeakMap<CatalogIntegration, Integration>()
  return {
    get: (name) => integrations.get(name),
    values: () => integrations.values(),
    register(name, entry) {
      checkEntry(name, entry)
      integrations.set(name, { name, ...entry })
    },
    describe(integration) {
      let description = described.get(integration)
      if (!description) described.set(integration, (description = describeIntegration(integration)))
      return description
    },
    summarize,
    fork: () => createCatalog(new Map(integrations)),
  }
}

/** The auth options that credentials of that type fit: both OAuth types fit an `OAUTH2` option. */
export function fittingOptions(integration: CatalogIntegration, type: ConnectionType): readonly AuthEntry[] {
  const wanted = type === 'PLATFORM_OAUTH2' ? 'OAUTH2' : type
  return (integration.auth ?? []).filter((option) => option.type === wanted)
}
