import { CreateApiKey } from '../../contract/api-keys.js'
import { CreateApprovalPolicy } from '../../contract/approval-policies.js'
import { CreateConnectToken } from '../../contract/connect.js'
import { CreateConnection } from '../../contract/connections.js'
import { CreateEndUser } from '../../contract/end-users.js'
import { CreateMcpServer } from '../../contract/mcp-servers.js'
import { CreateMcpTool } from '../../contract/mcp-tools.js'
import { CreatePartial } from '../../contract/partials.js'
import { EnableTrigger } from '../../contract/triggers.js'
import { CreateWorkspaceIntegration } from '../../contract/workspace-integrations.js'
import { CreateWorkspace } from '../../contract/workspaces.js'
import type { CatalogEntry } from '../../engine/catalog/entry.js'
import { likelyField } from '../../engine/nearest.js'
import { isReference, nameInSeed, references, type ParsedSeed } from './seed-references.js'
import { SeedError, sections, type RawEntry, type Section, type Seed } from './seed-schema.js'

type Shaped = { readonly _zod: { readonly def: { readonly shape: object } } }

/** What the entries of a section become: bodies of the API. */
const bodies: Readonly<Record<Section, readonly Shaped[]>> = {
  workspaces: [CreateWorkspace],
  oauthApps: [],
  endUsers: [CreateEndUser],
  apiKeys: [CreateApiKey],
  connections: CreateConnection._zod.def.options,
  workspaceIntegrations: [CreateWorkspaceIntegration],
  partials: [CreatePartial],
  mcpServers: [CreateMcpServer],
  mcpTools: [CreateMcpTool],
  triggers: [EnableTrigger],
  approvalPolicies: [CreateApprovalPolicy],
  connectSessions: [CreateConnectToken],
}

/** What they have besides. */
const own: { readonly [K in Section]?: readonly (keyof NonNullable<Seed[K]>[string])[] } = {
  oauthApps: ['integrationName'],
  apiKeys: ['key', 'workspaces', 'decidesApprovals'],
  connections: ['status'],
  workspaceIntegrations: ['workspace'],
  mcpServers: ['bearerToken'],
  mcpTools: ['mcpServer'],
  connectSessions: ['token'],
}

const ofIntegrations = [
  'displayName',
  'category',
  'auth',
  'actions',
  'triggers',
] as const satisfies readonly (keyof CatalogEntry)[]

/** The fields of a section, under the names that they have in a seed. */
function fieldsOf(section: Section): string[] {
  const ofApi = bodies[section].flatMap(({ _zod }) => Object.keys(_zod.def.shape)).map(nameInSeed)
  const all = ['id', ...(own[section] ?? []), ...ofApi]
  // A seed says the same in `workspaces` and `decidesApprovals`
  return [...new Set(all)].filter((field) => field !== 'permissions')
}

/** `workspace: "acme"`, where a field that refers to something else was given what can be told to be that. */
function asReference(seed: ParsedSeed, field: string, value: unknown): string {
  if (!isReference(field)) return `"${field}"`
  const { section, field: inApi } = references[field]
  const entries = Object.entries(seed[section] ?? {})
  const names = [value]
    .flat()
    .map(
      (each) =>
        typeof each === 'string' &&
        entries.find(([name, { id, externalId }]) => [name, id, externalId].includes(each))?.[0],
    )
  const isList = inApi.endsWith('Ids')
  if (names.length === 0 || names.includes(false) || names.includes(undefined)) {
    return `"${field}", ${isList ? 'names' : 'the name'} of what is in ${section} of the seed`
  }
  return `${field}: ${JSON.stringify(isList ? names : names[0])}`
}

function refuseUnknown(seed: ParsedSeed, path: string, entry: RawEntry, known: readonly string[]): void {
  for (const [field, value] of Object.entries(entry)) {
    if (known.includes(field)) continue
    const meant = likelyField(field, known)
    const hint =
      meant === undefined
        ? `. There are ${known.join(', ')}`
        : `. Did you mean ${asReference(seed, meant, value)}?`
    throw new SeedError(`${path}.${field}`, `Unknown field${hint}`)
  }
}

/** Looks at the fields of every entry. @throws SeedError for one that there is not; it says which was probably meant. */
export function checkFields(seed: ParsedSeed): void {
  for (const [name, entry] of Object.entries(seed.integrations ?? {})) {
    refuseUnknown(seed, `seed.integrations.${name}`, entry, ofIntegrations)
  }
  for (const section of sections) {
    const entries = Object.entries(seed[section] ?? {})
    const known = entries.length === 0 ? [] : fieldsOf(section)
    for (const [name, entry] of entries) refuseUnknown(seed, `seed.${section}.${name}`, entry, known)
  }
}
