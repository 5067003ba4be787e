/** What a thing may be like: several values where the answer to a change was lost; undefined is "not there". */
type Possible<V> = readonly (V | undefined)[]

/**
 * What must be there, as far as the answers tell: whoever was told that a change succeeded can rely on it, whoever was
 * told that it was refused can rely on that, and whoever was told nothing must be prepared for both.
 */
export class Model<V> {
  readonly #things = new Map<string, Possible<V>>()

  possible(key: string): Possible<V> {
    return this.#things.get(key) ?? [undefined]
  }

  /** Keys of what may be there. */
  keys(): string[] {
    return [...this.#things.keys()]
  }

  /** The change is certain. */
  set(key: string, value: V | undefined): void {
    if (value === undefined) this.#things.delete(key)
    else this.#things.set(key, [value])
  }

  /** The change may have happened. */
  maybe(key: string, value: V | undefined): void {
    this.#things.set(key, [...this.possible(key), value])
  }

  allows(key: string, value: V | undefined): boolean {
    return this.possible(key).includes(value)
  }

  /** Settles on what was found, if it is possible. */
  found(key: string, value: V | undefined): boolean {
    if (!this.allows(key, value)) return false
    this.set(key, value)
    return true
  }
}
