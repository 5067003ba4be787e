import * as integrations from '../../engine/integrations.js'
import * as properties from '../../engine/properties.js'
import type { HandlersOf } from '../handler.js'

export const integrationsHandlers: HandlersOf<'integrations'> = {
  'integrations.list': (engine, { apiKey }) => {
    const items = integrations.listIntegrations(engine)
    const registered = apiKey ? integrations.registeredIntegrations(engine) : []
    return { status: 200, body: { integrations: items, total: items.length, registered } }
  },
  'integrations.listSummary': (engine, { apiKey }) => {
    const items = integrations.listIntegrationSummaries(engine)
    const registered = apiKey ? integrations.registeredIntegrations(engine) : []
    return { status: 200, body: { integrations: items, total: items.length, registered } }
  },
  'integrations.get': (engine, { query }) => {
    const integration = integrations.describeIntegration(engine, query.name)
    return { status: 200, body: { integration, integrations: [integration], total: 1 } }
  },
  'integrations.resolveOptions': async (engine, { params, body }) => ({
    status: 200,
    body: await properties.resolveOptions(engine, params.integrationName, body),
  }),
  'integrations.resolveProperty': async (engine, { params, body }) => ({
    status: 200,
    body: await properties.resolveProperty(engine, params.integrationName, body),
  }),
  'integrations.oauthStatus': (engine) => ({
    status: 200,
    body: { configured: integrations.oauthConfigured(engine) },
  }),
}
