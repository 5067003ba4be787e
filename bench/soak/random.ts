import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { uniformInt } from 'pure-rand/distribution/uniformInt'

/** Draws that are the same for the same seed. */
export class Draw {
  readonly #generator

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed)
    for (let spent = 0; spent < 20; spent += 1) this.#generator.next()
  }

  /** From 0 to `count` − 1. */
  below(count: number): number {
    return uniformInt(this.#generator, 0, count - 1)
  }

  one<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }
}
