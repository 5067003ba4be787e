import type { Ground } from './world.js'

/** What a mock holds, without what changes with every request: its source of ids, and when a key was last used. */
export function holdings({ weavz }: Pick<Ground, 'weavz'>): string {
  return weavz
    .snapshot()
    .replace(/("random":\[)[^\]]*|("lastUsedAt":)(?:null|"[^"]*")/g, (_, a = '', b = '') => a || `${b}null`)
}

function tablesOf(held: string): [name: string, rows: string][] {
  const { tables, provider } = JSON.parse(held) as { tables: object; provider: object }
  return Object.entries<unknown>({ ...tables, ...provider }).map(([name, rows]) => [
    name,
    JSON.stringify(rows),
  ])
}

/** What differs between two worlds, table by table. */
export function differences(before: string, after: string, but: readonly string[]): string[] {
  if (before === after) return []
  const then = new Map(tablesOf(before))
  return tablesOf(after)
    .filter(([name, rows]) => !but.includes(name) && then.get(name) !== rows)
    .map(([name, rows]) => `${name}: ${then.get(name)} became ${rows}`)
}
