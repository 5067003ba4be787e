import { nearestOf } from '../nearest.js'
import { Refusal } from '../refusal.js'
import type { Catalog, CatalogIntegration } from './catalog.js'

/** `details` with the name that was probably meant; none if nothing comes near. */
function detailsFor(name: string, known: readonly string[]): { hint: string } | undefined {
  const nearest = nearestOf(name, known)
  return nearest === undefined ? undefined : { hint: `Did you mean "${nearest}"?` }
}

/** `details` of 404 `INTEGRATION_NOT_FOUND`. */
export function detailsForIntegration(catalog: Catalog, name: string): { hint: string } | undefined {
  const names = Array.from(catalog.values(), (each) => each.name)
  return detailsFor(name, names)
}

/** 404 for an integration that the catalog does not have. */
export function unknownIntegration(name: string, details: { hint: string } | undefined): Refusal {
  return new Refusal('INTEGRATION_NOT_FOUND', `The catalog has no integration "${name}"`, details)
}

/** 404 for an action or a trigger that the integration does not have. */
export function unknownOperation(
  integration: CatalogIntegration,
  kind: 'action' | 'trigger',
  name: string,
): Refusal {
  const code = kind === 'action' ? 'ACTION_NOT_FOUND' : 'TRIGGER_NOT_FOUND'
  const known = Object.keys((kind === 'action' ? integration.actions : integration.triggers) ?? {})
  return new Refusal(code, `"${integration.name}" has no ${kind} "${name}"`, detailsFor(name, known))
}
