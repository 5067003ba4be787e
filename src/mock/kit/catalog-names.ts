import type { Catalog, CatalogIntegration } from '../../engine/catalog/catalog.js'
import { didYouMean, shownName } from '../../engine/nearest.js'

/** @throws Error if the catalog has no integration of that name. */
export function integrationNamed(catalog: Catalog, name: string): CatalogIntegration {
  const integration = catalog.get(name)
  if (integration) return integration
  const names = Array.from(catalog.values(), (each) => each.name)
  throw new Error(`The catalog has no integration ${shownName(name)}${didYouMean(name, names)}`)
}

/** @throws Error if the integration has no such trigger; with `actions`, no such action either. */
export function checkOperation(
  catalog: Catalog,
  integrationName: string,
  operationName: string,
  { actions }: { readonly actions: boolean },
): void {
  const integration = integrationNamed(catalog, integrationName)
  const operations = { ...integration.triggers, ...(actions && integration.actions) }
  if (Object.hasOwn(operations, operationName)) return
  const what = actions ? 'action or trigger' : 'trigger'
  const meant = didYouMean(operationName, Object.keys(operations))
  throw new Error(`"${integration.name}" has no ${what} ${shownName(operationName)}${meant}`)
}
