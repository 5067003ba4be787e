/** How many are remembered: what people reload or click twice, not history. */
const limit = 1000

export interface Recent<T> {
  get(key: string): T | undefined
  set(key: string, value: T): void
  delete(key: string): void
}

/** Remembers the latest values by key, and forgets the oldest. */
export function recent<T>(): Recent<T> {
  const values = new Map<string, T>()
  return {
    get: (key) => values.get(key),
    delete: (key) => void values.delete(key),
    set(key, value) {
      values.delete(key)
      values.set(key, value)
      const [oldest] = values.keys()
      if (values.size > limit && oldest !== undefined) values.delete(oldest)
    },
  }
}
