import { didYouMean } from '../../engine/nearest.js'
import { SeedError, type Ids, type RawEntry, type Section, type parseSeed } from './seed-schema.js'

export type ParsedSeed = ReturnType<typeof parseSeed>

/** The fields that hold a name or a list of them, whose entry it is, and what they become in the API's body. */
export const references = {
  workspace: { section: 'workspaces', field: 'workspaceId' },
  endUser: { section: 'endUsers', field: 'endUserId' },
  oauthApp: { section: 'oauthApps', field: 'oauthAppId' },
  connection: { section: 'connections', field: 'connectionId' },
  workspaceIntegration: { section: 'workspaceIntegrations', field: 'workspaceIntegrationId' },
  mcpServer: { section: 'mcpServers', field: 'mcpServerId' },
  workspaces: { section: 'workspaces', field: 'workspaceIds' },
  workspaceIntegrations: { section: 'workspaceIntegrations', field: 'workspaceIntegrationIds' },
  partials: { section: 'partials', field: 'partialIds' },
  mcpServers: { section: 'mcpServers', field: 'mcpServerIds' },
} as const satisfies Record<string, { section: Section; field: string }>
type Reference = keyof typeof references

/** One entry of the seed on its way into the engine. */
export interface Entry {
  readonly seed: ParsedSeed
  readonly ids: Ids
  readonly section: Section
  readonly path: string
  readonly name: string
  readonly id: string
  /** Without `id`, with its names replaced by ids. */
  readonly body: RawEntry
}

/** The entry that a field names. */
function lookUp(seed: ParsedSeed, path: string, field: Reference, name: unknown): RawEntry {
  const { section } = references[field]
  const known = seed[section] ?? {}
  const entry = typeof name === 'string' && Object.hasOwn(known, name) ? known[name] : undefined
  if (entry) return entry
  const hint = didYouMean(name, Object.keys(known))
  throw new SeedError(
    `${path}.${field}`,
    `The seed has nothing called ${JSON.stringify(name)} in ${section}${hint}`,
  )
}

/** What a name becomes: connections know their end user by the app's id, everything else goes by UUID. */
function valueOf(seed: ParsedSeed, ids: Ids, path: string, field: Reference, name: unknown): unknown {
  if (Array.isArray(name)) return name.map((each) => valueOf(seed, ids, path, field, each))
  const entry = lookUp(seed, path, field, name)
  return field === 'endUser' ? (entry.externalId ?? name) : ids[references[field].section][name as string]
}

export function entryOf(seed: ParsedSeed, ids: Ids, section: Section, name: string, raw: RawEntry): Entry {
  const path = `seed.${section}.${name}`
  const { id: _pinned, ...body } = { ...implied(seed, path, raw), ...raw }
  const translated = Object.entries(body).map(([field, value]): [string, unknown] =>
    isReference(field) ? [references[field].field, valueOf(seed, ids, path, field, value)] : [field, value],
  )
  return {
    seed,
    ids,
    section,
    path,
    name,
    id: ids[section][name] as string,
    body: Object.fromEntries(translated),
  }
}

export function isReference(field: string): field is Reference {
  return Object.hasOwn(references, field)
}

/** What follows from the names that an entry uses. */
function implied(seed: ParsedSeed, path: string, raw: RawEntry): RawEntry {
  if (raw.endUser !== undefined) {
    const { workspace } = lookUp(seed, path, 'endUser', raw.endUser)
    if (raw.workspace !== undefined && raw.workspace !== workspace) {
      throw new SeedError(`${path}.endUser`, `Is an end user of workspace ${JSON.stringify(workspace)}`)
    }
    return { workspace }
  }
  if (raw.workspaceIntegration !== undefined) {
    const { workspace, integrationName } = lookUp(
      seed,
      path,
      'workspaceIntegration',
      raw.workspaceIntegration,
    )
    return { workspace, integrationName }
  }
  return {}
}

/** What a field of the API's body is called in the seed. */
export function nameInSeed(field: string): string {
  const reference = Object.entries(references).find(([, known]) => known.field === field)
  return reference?.[0] ?? field
}
