import type { ApprovalRules } from '../../contract/approval-policies.js'
import type { JsonObject } from '../../contract/schema.js'

/** What the rules of a policy look at. */
export interface RuleFacts {
  readonly input: JsonObject
  readonly actionCategories: readonly string[]
}

/** Input keys that name who gets something. */
const recipientKeys = new Set([
  'to',
  'cc',
  'bcc',
  'recipient',
  'recipients',
  'email',
  'emails',
  'user',
  'users',
  'channel',
  'channels',
  'phone',
])
/** Input keys that name a place in a storage. */
const pathKeys = new Set(['path', 'paths', 'prefix', 'filepath', 'folder', 'directory'])

/** Every text in a value, at any depth, with the name of the nearest key above it. */
function* textsIn(value: unknown, name = ''): Iterable<[name: string, text: string]> {
  if (typeof value === 'string') yield [name, value]
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item, name)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* textsIn(item, key.toLowerCase())
  }
}

const bare = (text: string) => text.trim().toLowerCase()

/** `Ada <ada@example.com>, bob@example.com` → both addresses. */
function recipientsOf(input: JsonObject): string[] {
  const found: string[] = []
  for (const [key, value] of Object.entries(input)) {
    // What stands below `to` is a recipient whatever its own key: `{ to: [{ address }] }`
    if (!recipientKeys.has(key.toLowerCase())) continue
    for (const [, text] of textsIn(value)) {
      for (const part of text.split(/[,;]/)) found.push(bare(/<([^<>]*)>/.exec(part)?.[1] ?? part))
    }
  }
  return found.filter((recipient) => recipient !== '')
}

/** The domains of all e-mail recipients and of all URLs in the input. */
function domainsOf(input: JsonObject): string[] {
  const domains = recipientsOf(input).flatMap((recipient) => recipient.split('@').slice(1))
  for (const [, text] of textsIn(input)) {
    for (const [url] of text.matchAll(/\bhttps?:\/\/[^\s"'<>]+/gi)) {
      if (URL.canParse(url)) domains.push(new URL(url).hostname)
    }
  }
  return domains.map((domain) => domain.replace(/\.$/, ''))
}

/** The path without what makes two texts of one place differ: `/a/./b/../c` → `a/c`. */
function plainPath(path: string): string {
  const parts: string[] = []
  for (const part of path.split(/[/\\]+/)) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function pathsOf(input: JsonObject): string[] {
  return [...textsIn(input)].flatMap(([name, text]) => (pathKeys.has(name) ? [plainPath(text)] : []))
}

/** `1500`, `"1500.00"`; NaN for what cannot be compared; undefined where there is nothing. */
function amountOf(value: unknown): number | undefined {
  if (value == null) return undefined
  if (typeof value === 'string' && value.trim() !== '') return Number(value)
  return typeof value === 'number' ? value : Number.NaN
}

const isBelow = (domain: string, of: string) => domain === bare(of) || domain.endsWith(`.${bare(of)}`)
const given = <T>(list: readonly T[] | undefined): list is readonly T[] =>
  list !== undefined && list.length > 0

/**
 * The rules that hold, as sentences without any value of the input: what a policy hides from a preview must not show in
 * the reason for it. An absent or empty rule never holds.
 */
export function rulesThatHold(rules: ApprovalRules, { input, actionCategories }: RuleFacts): string[] {
  const recipients = recipientsOf(input)
  const domains = domainsOf(input)
  const { recipientAllowlist, recipientDenylist, domainAllowlist, domainDenylist } = rules
  const reasons: string[] = []
  const hold = (rule: keyof ApprovalRules, what: string) => void reasons.push(`${rule}: ${what}`)

  const categories = rules.actionCategories?.filter((name) => actionCategories.map(bare).includes(bare(name)))
  if (given(categories)) hold('actionCategories', `the action is of category ${categories.join(', ')}`)
  for (const [name, threshold] of Object.entries(rules.amountThresholds ?? {})) {
    const amount = Object.hasOwn(input, name) ? amountOf(input[name]) : undefined
    // A gate that does not understand what it sees stays shut
    if (Number.isNaN(amount)) hold('amountThresholds', `"${name}" is no plain number`)
    else if (amount !== undefined && amount >= threshold) {
      hold('amountThresholds', `"${name}" is ${threshold} or more`)
    }
  }
  if (given(recipientAllowlist) && recipients.some((one) => !recipientAllowlist.map(bare).includes(one))) {
    hold('recipientAllowlist', 'a recipient is not on the list')
  }
  if (given(recipientDenylist) && recipients.some((one) => recipientDenylist.map(bare).includes(one))) {
    hold('recipientDenylist', 'a recipient is on the list')
  }
  if (given(domainAllowlist) && domains.some((one) => !domainAllowlist.some((of) => isBelow(one, of)))) {
    hold('domainAllowlist', 'a domain is not on the list')
  }
  if (given(domainDenylist) && domains.some((one) => domainDenylist.some((of) => isBelow(one, of)))) {
    hold('domainDenylist', 'a domain is on the list')
  }
  const prefix = rules.storagePathPrefixes?.find((start) => {
    // `private/` is the folder; `private` is also `private-notes.txt`
    const from = plainPath(start) + (/[^/]\/$/.test(start) ? '/' : '')
    return pathsOf(input).some((path) => `${path}/`.startsWith(from))
  })
  if (prefix !== undefined) hold('storagePathPrefixes', `a path begins with "${prefix}"`)
  return reasons
}
