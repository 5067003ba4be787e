import type { Integration, IntegrationSummary } from '../contract/integrations.js'
import { getIntegration } from './auth-methods.js'
import type { Engine } from './engine.js'

export function listIntegrations({ catalog }: Engine): Integration[] {
  return Array.from(catalog.values(), (integration) => catalog.describe(integration))
}

export function listIntegrationSummaries({ catalog }: Engine): IntegrationSummary[] {
  return Array.from(catalog.values(), (integration) => catalog.summarize(integration))
}

export function describeIntegration(engine: Engine, name: string): Integration {
  return engine.catalog.describe(getIntegration(engine, name))
}

/** Names of the integrations that have a connection or an MCP tool. */
export function registeredIntegrations({ catalog, state }: Engine): string[] {
  const { connections, mcpTools } = state.tables
  const names = Array.from(catalog.values(), ({ name }) => name)
  return names.filter(
    (name) => connections.where('integration', name).size > 0 || mcpTools.where('integration', name).size > 0,
  )
}

/** Names of the integrations that have an OAuth app, managed by Weavz or the tenant's own. */
export function oauthConfigured({ catalog, state, hasManagedOAuthApp }: Engine): string[] {
  const custom = new Set(Array.from(state.tables.oauthApps.values(), (app) => app.integrationName))
  return Array.from(catalog.values())
    .filter(({ auth }) => auth?.some((option) => option.type === 'OAUTH2'))
    .map(({ name }) => name)
    .filter((name) => custom.has(name) || hasManagedOAuthApp(name))
}
