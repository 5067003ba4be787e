import { didYouMean, shownName } from '../../engine/nearest.js'
import type { World } from '../world.js'

type Opened = Pick<World, 'engine' | 'journal'>

const isListOfTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** What the journal and the connect sessions tell of connections: their external ids by id; null: only the id. */
function toldOf({ engine, journal }: Opened): Map<string, string | null> {
  const told = new Map<string, string | null>()
  for (const { endpoint, request, response } of journal.list()) {
    if (endpoint === 'connections.delete' && response?.status === 200) {
      const id = request.path.split('/').at(-1) ?? ''
      told.set(id, told.get(id) ?? null)
    }
    const { connection, connections } = Object(response?.body) as Record<string, unknown>
    for (const each of [connection, connections].flat()) {
      const { id, externalId } = Object(each) as Record<string, unknown>
      if (typeof id === 'string' && typeof externalId === 'string') told.set(id, externalId)
    }
  }
  for (const { connectionId, externalId } of engine.state.tables.sessions.values()) {
    if (connectionId !== null) told.set(connectionId, externalId)
  }
  return told
}

/**
 * What was opened that should have stayed shut, a line each.
 *
 * @param openings As in `QuietOptions`.
 * @throws TypeError if it is neither `'none'` nor a list of connections that there are or were.
 */
export function unexpectedOpenings(world: Opened, openings: unknown): string[] {
  if (openings === undefined) return []
  const expected = openings === 'none' ? [] : openings
  if (!isListOfTexts(expected)) {
    throw new TypeError("assertQuiet: openings is 'none', or a list of connections")
  }
  const { connections } = world.engine.state.tables
  const fields = new Map<string | null, Set<string>>()
  for (const { connectionId, field, purpose } of world.engine.vault.openings.list()) {
    const known = fields.get(connectionId) ?? new Set()
    fields.set(connectionId, known.add(`${field} to ${purpose}`))
  }
  // Deleted ones are not looked for unless there is one
  let told: ReturnType<typeof toldOf> | undefined
  const gone = () => (told ??= toldOf(world))
  const nameOf = (id: string) => connections.get(id)?.externalId ?? gone().get(id) ?? null

  const names = new Set(
    expected.length === 0 ? [] : Array.from(connections.values(), (row) => row.externalId),
  )
  for (const name of expected) {
    // A mistyped name is that of no connection, and of what was not opened nothing is said
    if (names.has(name) || connections.has(name) || fields.has(name)) continue
    if (gone().has(name) || [...gone().values()].includes(name)) continue
    const hint = didYouMean(name, [...names]) || ', and none was, as far as the journal goes'
    throw new TypeError(`assertQuiet: No connection is called ${shownName(name)}${hint}`)
  }

  // What belongs to no connection (a client secret, the headers of a callback) goes along with one
  if (expected.length > 0) fields.delete(null)
  return [...fields].flatMap(([id, opened]) => {
    const name = id === null ? null : nameOf(id)
    if ([id, name].some((each) => each !== null && expected.includes(each))) return []
    const by = world.journal
      .list()
      .filter((entry) => entry.openings.some(({ connectionId }) => connectionId === id))
    const whose =
      id === null ? 'Secrets of no connection' : `Credentials of ${name ?? 'a deleted connection'} (${id})`
    const where = by.map(({ endpoint, seq }) => `${endpoint} (${seq} in the journal)`).join(', ')
    const expecting =
      id === null ? '' : `, or expect it: assertQuiet({ openings: [${JSON.stringify(name ?? id)}] })`
    return [
      `${whose} were opened: ${[...opened].join(', ')}${where && `, by ${where}`}: ` +
        `see why with weavz.explain${expecting}`,
    ]
  })
}
