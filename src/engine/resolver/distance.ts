/**
 * The names most like a given one, nearest first, then alphabetically. With `within`, only those that a few slips of
 * the finger could have turned into it.
 */
export function closest(given: string, names: readonly string[], within = Infinity, limit = 5): string[] {
  const near: { name: string; distance: number }[] = []
  for (const name of new Set(names)) {
    if (Math.abs(name.length - given.length) > within) continue
    const distance = editDistance(given, name)
    if (distance <= within) near.push({ name, distance })
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return near.slice(0, limit).map(({ name }) => name)
}

/** Levenshtein distance. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? a.length
}
