import type { CreateConnection } from '../contract/connections.js'
import { fittingOptions, type CatalogIntegration } from './catalog/catalog.js'
import type { AuthEntry } from './catalog/entry.js'
import { detailsForIntegration, unknownIntegration } from './catalog/unknown.js'
import type { Engine } from './engine.js'
import { invalid } from './refusal.js'

/** The integration of the catalog, or 404 `INTEGRATION_NOT_FOUND`. */
export function getIntegration({ catalog }: Engine, name: string): CatalogIntegration {
  const integration = catalog.get(name)
  if (integration) return integration
  throw unknownIntegration(name, detailsForIntegration(catalog, name))
}

const usualKey = {
  SECRET_TEXT: 'api_key',
  BASIC_AUTH: 'basic_auth',
  CUSTOM_AUTH: 'custom_auth',
  OAUTH2: 'oauth2',
  PLATFORM_OAUTH2: 'oauth2',
} as const

/** The auth method of credentials that an app hands over, given or derived. */
export function authMethodOf(integration: CatalogIntegration, body: CreateConnection): string {
  const fitting = fittingOptions(integration, body.type)
  if (body.authMethodKey !== undefined) return pickOption(fitting, body.authMethodKey)
  if (fitting.length > 1) throw invalid('body.authMethodKey', `Required: one of ${keysOf(fitting)}`)
  return fitting[0]?.key ?? usualKey[body.type]
}

/** The keys of auth options, for a message. */
export const keysOf = (options: readonly AuthEntry[]) => options.map((option) => option.key).join(', ')

/** The key, if it is one of the options; else 400. */
export function pickOption(options: readonly AuthEntry[], authMethodKey: string): string {
  if (options.some((option) => option.key === authMethodKey)) return authMethodKey
  throw invalid(
    'body.authMethodKey',
    options.length ? `Expected one of ${keysOf(options)}` : 'No auth option fits',
  )
}
