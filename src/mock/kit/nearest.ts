import { closest } from '../../engine/resolver/distance.js'

/** `. Did you mean "acme_slack"?`: what a mistyped name was probably meant to be; empty if nothing comes near. */
export function didYouMean(name: unknown, known: readonly string[]): string {
  if (typeof name !== 'string') return ''
  const [nearest] = closest(name, known, Math.max(3, Math.floor(name.length / 3)), 1)
  return nearest === undefined ? '' : `. Did you mean "${nearest}"?`
}
