import type * as z from 'zod/mini'
import { CreateApiKey } from '../../contract/api-keys.js'
import { CreateConnection, connectionStatuses, type ConnectionStatus } from '../../contract/connections.js'
import { CreateEndUser } from '../../contract/end-users.js'
import { parse } from '../../contract/issues.js'
import { CreatePartial } from '../../contract/partials.js'
import { CreateWorkspaceIntegration } from '../../contract/workspace-integrations.js'
import { CreateWorkspace } from '../../contract/workspaces.js'
import { addApiKey } from '../../engine/api-keys.js'
import { createConnection } from '../../engine/connections.js'
import { createEndUser } from '../../engine/end-users.js'
import type { Engine } from '../../engine/engine.js'
import { isUuid } from '../../engine/ids.js'
import { createPartial } from '../../engine/partials.js'
import { Refusal } from '../../engine/refusal.js'
import { createWorkspaceIntegration } from '../../engine/workspace-integrations.js'
import { createWorkspace } from '../../engine/workspaces.js'
import { didYouMean } from './nearest.js'
import { SeedError, sections, type Ids, type RawEntry, type Section, type parseSeed } from './seed-schema.js'

type ParsedSeed = ReturnType<typeof parseSeed>

/** The fields that hold a name, whose entry it is, and what they become in the body of the API's call. */
const references = {
  workspace: { section: 'workspaces', field: 'workspaceId' },
  endUser: { section: 'endUsers', field: 'endUserId' },
  oauthApp: { section: 'oauthApps', field: 'oauthAppId' },
  connection: { section: 'connections', field: 'connectionId' },
  workspaceIntegration: { section: 'workspaceIntegrations', field: 'workspaceIntegrationId' },
} as const satisfies Record<string, { section: Section; field: string }>
type Reference = keyof typeof references

/** One entry of the seed on its way into the engine. */
interface Entry {
  readonly seed: ParsedSeed
  readonly ids: Ids
  readonly path: string
  readonly name: string
  readonly id: string
  /** Without `id`, with its names replaced by ids. */
  readonly body: RawEntry
}

/** Chooses all ids, so that they are known before anything is stored. @throws SeedError for a pinned one that is none. */
export function chooseIds({ ids }: Engine, seed: ParsedSeed): Ids {
  const taken = new Set<string>()
  const choose = (section: Section) =>
    Object.entries(seed[section] ?? {}).map(([name, { id = ids.uuid() }]) => {
      const path = `seed.${section}.${name}.id`
      if (typeof id !== 'string' || !isUuid(id)) throw new SeedError(path, 'Expected a UUID in lower case')
      if (taken.has(id)) throw new SeedError(path, 'Is the id of something else, too')
      taken.add(id)
      return [name, id] as const
    })
  return Object.fromEntries(
    sections.map((section) => [section, Object.fromEntries(choose(section))]),
  ) as unknown as Ids
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
  const entry = lookUp(seed, path, field, name)
  return field === 'endUser' ? (entry.externalId ?? name) : ids[references[field].section][name as string]
}

function entryOf(seed: ParsedSeed, ids: Ids, section: Section, name: string, raw: RawEntry): Entry {
  const path = `seed.${section}.${name}`
  const { id: _pinned, ...body } = { ...implied(seed, path, raw), ...raw }
  const translated = Object.entries(body).map(([field, value]): [string, unknown] =>
    isReference(field) ? [references[field].field, valueOf(seed, ids, path, field, value)] : [field, value],
  )
  return { seed, ids, path, name, id: ids[section][name] as string, body: Object.fromEntries(translated) }
}

function isReference(field: string): field is Reference {
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

/** A path of the API as a path of the seed: `body.connectionId` → `seed.….connection`. */
function pathIn({ path }: Entry, apiPath: string): string {
  const [, first, ...rest] = apiPath.split('.')
  if (first === undefined) return path
  const reference = Object.entries(references).find(([, { field }]) => field === first)
  return [path, reference?.[0] ?? first, ...rest].join('.')
}

function bodyOf<S extends z.core.$ZodType>(entry: Entry, schema: S, body: unknown): z.core.output<S> {
  const parsed = parse(schema, body, 'body')
  if (parsed.ok) return parsed.value
  const [{ path, message } = { path: 'body', message: 'Unexpected' }] = parsed.issues
  throw new SeedError(pathIn(entry, path), message)
}

function refused(entry: Entry, error: unknown): unknown {
  if (!(error instanceof Refusal)) return error
  const { issues } = (error.details ?? {}) as { issues?: readonly { path: string; message: string }[] }
  const [issue] = issues ?? []
  return issue
    ? new SeedError(pathIn(entry, issue.path), issue.message)
    : new SeedError(entry.path, error.message)
}

/** Credentials for a connection of which the seed says nothing more. */
function madeUp(engine: Engine, { body }: Entry): RawEntry {
  if (body.type !== undefined) return {}
  const options = engine.catalog.get(String(body.integrationName))?.auth ?? []
  const option = options.find(({ key }) => body.authMethodKey === undefined || key === body.authMethodKey)
  const secret = `offline-${engine.ids.uuid()}`
  switch (option?.type) {
    case 'BASIC_AUTH':
      return { type: option.type, username: 'offline-user', password: secret }
    case 'CUSTOM_AUTH':
      return { type: option.type, authMethodKey: option.key, props: { token: secret } }
    case 'OAUTH2':
      return { type: 'PLATFORM_OAUTH2', authMethodKey: option.key, accessToken: secret }
    default:
      return { type: 'SECRET_TEXT', secretText: secret }
  }
}

/** How each section comes into the engine: by the operations that the API uses. */
const create: { readonly [K in Section]: (engine: Engine, entry: Entry) => unknown } = {
  workspaces(engine, entry) {
    const slug = entry.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
    const body = bodyOf(entry, CreateWorkspace, { name: entry.name, slug, ...entry.body })
    return createWorkspace(engine, body, entry.id)
  },
  oauthApps(engine, { id, path, body: { integrationName } }) {
    if (typeof integrationName !== 'string' || !engine.catalog.get(integrationName)) {
      throw new SeedError(`${path}.integrationName`, 'Expected the name of an integration of the catalog')
    }
    return engine.state.tables.oauthApps.put({ id, integrationName })
  },
  endUsers(engine, entry) {
    const body = bodyOf(entry, CreateEndUser, { externalId: entry.name, ...entry.body })
    return createEndUser(engine, body, entry.id)
  },
  apiKeys(engine, entry) {
    const { key, workspaces, decidesApprovals: decide, ...rest } = entry.body
    if (typeof key !== 'string' || !/^wvz_\S+$/.test(key)) {
      throw new SeedError(`${entry.path}.key`, 'Must begin with wvz_ and hold no spaces')
    }
    const approvals = decide === undefined ? {} : { approvals: { decide } }
    const named = workspaces as readonly unknown[] | undefined
    const workspaceIds = named?.map((name) => valueOf(entry.seed, entry.ids, entry.path, 'workspace', name))
    const permissions = workspaceIds ? { scope: 'workspace', workspaceIds } : { scope: 'org' }
    const body = bodyOf(entry, CreateApiKey, {
      name: entry.name,
      ...((workspaceIds ?? decide !== undefined) ? { permissions: { ...permissions, ...approvals } } : {}),
      ...rest,
    })
    return addApiKey(engine, { id: entry.id, plainKey: key, ...body })
  },
  async connections(engine, entry) {
    const { status = 'ACTIVE', ...given } = entry.body
    if (!isStatus(status))
      throw new SeedError(`${entry.path}.status`, `Expected one of ${connectionStatuses.join(', ')}`)
    const names = { externalId: entry.name, displayName: entry.name }
    const body = bodyOf(entry, CreateConnection, { ...names, ...madeUp(engine, entry), ...given })
    const row = await createConnection(engine, body, entry.id)
    if (status !== row.status) engine.state.tables.connections.put({ ...row, status })
  },
  workspaceIntegrations(engine, entry) {
    const { workspaceId, ...given } = entry.body
    if (typeof workspaceId !== 'string') throw new SeedError(`${entry.path}.workspace`, 'Required')
    const body = bodyOf(entry, CreateWorkspaceIntegration, given)
    return createWorkspaceIntegration(engine, workspaceId, body, entry.id)
  },
  partials(engine, entry) {
    return createPartial(engine, bodyOf(entry, CreatePartial, { name: entry.name, ...entry.body }), entry.id)
  },
}

function isStatus(status: unknown): status is ConnectionStatus {
  return connectionStatuses.some((known) => known === status)
}

/**
 * Brings a seed into an engine. Waits only where credentials are sealed: without connections all of it is there when
 * this returns.
 *
 * @param onDone Called as soon as all of it is there.
 * @throws SeedError for names that nothing has, and whatever the API would refuse.
 */
export async function applySeed(
  engine: Engine,
  seed: ParsedSeed,
  ids: Ids,
  onDone: () => void,
): Promise<void> {
  for (const section of sections) {
    for (const [name, raw] of Object.entries(seed[section] ?? {})) {
      const entry = entryOf(seed, ids, section, name, raw)
      try {
        const created = create[section](engine, entry)
        if (created instanceof Promise) await created
      } catch (error) {
        throw refused(entry, error)
      }
    }
  }
  onDone()
}

/** Looks every name up. @throws SeedError */
export function checkReferences(seed: ParsedSeed, ids: Ids): void {
  for (const section of sections) {
    for (const [name, raw] of Object.entries(seed[section] ?? {})) entryOf(seed, ids, section, name, raw)
  }
}
