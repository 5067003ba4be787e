import { kindOf } from '../contract/mismatch.js'
import { redactText } from '../contract/secrets.js'
import { closest } from './resolver/distance.js'

/** A name that somebody gave, for a message about it: it may be a key in the wrong place, or no name at all. */
export function shownName(name: unknown): string {
  if (typeof name === 'string') return JSON.stringify(redactText(name))
  return Object(name) === name || typeof name === 'symbol' ? kindOf(name) : String(name)
}

/** What a mistyped name was probably meant to be; undefined if nothing comes near. */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  return closest(name, known, Math.max(3, Math.floor(name.length / 3)), 1)[0]
}

/** `. Did you mean "acme_slack"?`, for the end of a message; empty if nothing comes near. */
export function didYouMean(name: unknown, known: readonly string[]): string {
  const nearest = typeof name === 'string' ? nearestOf(name, known) : undefined
  return nearest === undefined ? '' : `. Did you mean "${nearest}"?`
}

/** The first name in `options` that no option has. One that is undefined is as good as left out. */
export function strangeOption(options: object, names: Readonly<Record<string, true>>): string | undefined {
  return Object.keys(options).find(
    (name) => !Object.hasOwn(names, name) && Reflect.get(options, name) !== undefined,
  )
}

/** What a field is about: `workspaceId`, `workspaces` and `workspaceName` are all about a workspace. */
const subjectOf = (field: string) => field.replace(/(?:Ids?|Names?|s)$/, '').toLowerCase()

/** The field that was probably meant by one that there is not: a typo, or another word for the same. */
export function likelyField(field: string, known: readonly string[]): string | undefined {
  const subject = subjectOf(field)
  const [typo] = closest(field, known, Math.max(1, Math.floor(field.length / 3)), 1)
  const same = known.find((name) => subjectOf(name) === subject)
  if (same !== undefined || typo !== undefined || subject.length < 3) return same ?? typo
  const begins = known.find((name) => subjectOf(name).startsWith(subject))
  return begins ?? known.find((name) => subjectOf(name).endsWith(subject))
}
