import fc from 'fast-check'

/** JSON, with references into what the mock has answered so far. */
export type Json =
  null | boolean | number | string | Ref | readonly Json[] | { readonly [name: string]: Json }

/**
 * Stands for a text that the mock has answered under that field, chosen when the request is sent: a generated request
 * cannot know the ids that the one before it will make.
 */
export class Ref {
  constructor(
    readonly field: string,
    readonly nth: number,
  ) {}

  [fc.toStringMethod](): string {
    return `<${this.field} ${this.nth}>`
  }
}

/** Names under which the API speaks of the same thing. */
const synonyms = new Map(
  Object.entries({
    approvalPolicyId: 'policyId',
    connectionExternalId: 'externalId',
    integrationAlias: 'alias',
    triggerSourceId: 'triggerId',
    workspaceIntegrationId: 'integrationId',
  }),
)

function canonical(field: string): string {
  const one = field.replace(/Ids$/, 'Id')
  return synonyms.get(one) ?? one
}

/** The field that names one of these things: `end-users`, `endUsers` and `endUser` → `endUserId`. */
export function idField(things: string): string {
  const camel = things.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return canonical(`${camel.replace(/ies$/, 'y').replace(/s$/, '')}Id`)
}

/** Texts by the names of their fields. */
type Texts = ReadonlyMap<string, string>

/** One of the things that were answered: of that kind, or of any if there is none. */
export interface About {
  readonly kind: string
  readonly nth: number
}

/** What the mock has answered so far, for requests to refer to. */
export class Pool {
  readonly #texts: Map<string, Set<string>>
  /** What belongs together: the texts of one thing each, by kind. */
  readonly #things: Map<string, Texts[]>

  constructor(from?: Pool) {
    this.#texts = new Map(from && Array.from(from.#texts, ([field, texts]) => [field, new Set(texts)]))
    this.#things = new Map(from && Array.from(from.#things, ([kind, things]) => [kind, [...things]]))
  }

  /** Takes in one thing, by the fields in which requests name it. */
  put(kind: string, fields: Readonly<Record<string, string>>): void {
    const thing = new Map<string, string>()
    for (const [field, text] of Object.entries(fields)) {
      const name = canonical(field)
      thing.set(name, text)
      this.#texts.set(name, (this.#texts.get(name) ?? new Set()).add(text))
    }
    const things = this.#things.get(kind) ?? []
    things.push(thing)
    this.#things.set(kind, things)
  }

  /** Takes in an answer. `things` is the envelope that a value lies in. */
  harvest(value: unknown, things = ''): void {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      for (const item of value) {
        if (typeof item === 'string') this.put('', { [things]: item })
        else this.harvest(item, things)
      }
      return
    }
    const named: Record<string, string> = {}
    for (const [name, child] of Object.entries(value)) {
      if (typeof child !== 'string') this.harvest(child, name)
      // An echo of a huge text would make every later request huge
      else if (child.length <= 300) named[name === 'id' ? idField(things) : name] = child
    }
    this.put('id' in value ? idField(things) : '', named)
  }

  /** The text that a reference stands for: that of the thing that the request is about, if that has such a field. */
  #pick({ field, nth }: Ref, about: Texts | undefined): string {
    const own = about?.get(canonical(field))
    if (own !== undefined) return own
    const texts = [...(this.#texts.get(canonical(field)) ?? [])]
    return texts[nth % texts.length] ?? field
  }

  /**
   * A copy in which texts stand for the references. Keys named `__proto__` stay keys.
   *
   * @param about The thing whose ids and names to prefer, so that they belong together. Default: none.
   */
  resolve(value: Json, about?: About): unknown {
    const things = about && (this.#things.get(about.kind) ?? [...this.#things.values()].flat())
    const thing = things?.[about!.nth % things.length]
    const walk = (value: Json): unknown => {
      if (value instanceof Ref) return this.#pick(value, thing)
      if (Array.isArray(value)) return value.map(walk)
      if (typeof value !== 'object' || value === null) return value
      const copy = {}
      for (const [name, child] of Object.entries(value)) {
        Object.defineProperty(copy, name, { value: walk(child as Json), enumerable: true })
      }
      return copy
    }
    return walk(value)
  }
}
