import { fieldOf, textOf } from './fields.js'

/** What the tokens of Weavz are for that are not API keys. */
const otherTokens: readonly (readonly [prefix: string, what: string])[] = [
  ['cst_', 'a connect session token, which only `connect.poll` and `connect.wait` take'],
  ['eut_', "an end user's portal token, which only the portal page takes"],
  ['mcpo_', 'an MCP OAuth token, which only MCP endpoints take'],
  ['mcp_', 'an MCP token, which only MCP endpoints take'],
]

/** The keys that the documentation prints in its samples. */
const placeholder = /^wvz_(?:your|my|test)_(?:api_)?key$|^wvz_(?:\.{3}|…|x+)$/i

/** What is wrong with a key that the API refused, as far as its form tells. Only what is certain. */
export function hintForKey(apiKey: string | undefined): string | undefined {
  if (apiKey === undefined) return 'No API key was sent. Pass `apiKey`, or set WEAVZ_API_KEY.'
  if (placeholder.test(apiKey))
    return 'The API key is the placeholder of the documentation. Create one in the dashboard.'
  if (/^bearer\s/i.test(apiKey)) return 'Pass `apiKey` without "Bearer": the client adds it.'
  const other = otherTokens.find(([prefix]) => apiKey.startsWith(prefix))
  if (other) return `The API key starts with ${other[0]}: that is ${other[1]}. API keys start with wvz_.`
  return apiKey.startsWith('wvz_') ? undefined : 'API keys start with wvz_; this one does not.'
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Which identifier an operation takes, and how to get it from the one that looks like it. */
const identifiers: Readonly<Record<string, string>> = {
  endUsers:
    'takes `endUser.id`, a UUID; an external id (your user id) finds nothing. `endUsers.list({ workspaceId })` tells both.',
  connections:
    'takes `connection.id`, a UUID; an externalId finds nothing. `connections.resolve({ integrationName, workspaceId, externalId })` tells the id.',
  workspaces: 'takes UUIDs; a slug or an alias finds nothing.',
}

/** For a 404 on an id that is no UUID, where only UUIDs can be found. */
export function hintForId(endpointId: string, ids: readonly unknown[]): string | undefined {
  const what = identifiers[endpointId.slice(0, endpointId.indexOf('.'))]
  const wrong = ids.some((id) => typeof id === 'string' && !uuid.test(id))
  return what !== undefined && wrong ? `\`${endpointId}\` ${what}` : undefined
}

/** For a 404 on a call whose body or query names a workspace by something that is no id, which no workspace has. */
export function hintForWorkspace(body: unknown, url: string): string | undefined {
  const given = textOf(body, 'workspaceId') ?? new URL(url).searchParams.get('workspaceId')
  return given !== null && !uuid.test(given)
    ? '`workspaceId` takes `workspace.id`, a UUID; a name or a slug finds nothing. `workspaces.list()` tells it.'
    : undefined
}

/** For a connect session that was not found, if what names it cannot be the token of one. */
export function hintForConnectToken(body: unknown): string | undefined {
  const given = textOf(body, 'token')
  return given !== undefined && !given.startsWith('cst_')
    ? 'A connect session is named by the `token` of `connect.createToken`, which starts with cst_; not by its `connectUrl`.'
    : undefined
}

export function hintForBaseUrl(baseUrl: string): string | undefined {
  return /\/api(?:\/v\d+)?$/.test(baseUrl)
    ? '`baseUrl` is the root of the API, without /api/v1: the client adds the path.'
    : undefined
}

/** For a request that no server took. `error` is what fetch threw. */
export function hintForNetwork(baseUrl: string, error: unknown): string | undefined {
  const refused = codesOf(error).includes('ECONNREFUSED')
  const local = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::|\/|$)/.test(baseUrl)
  return refused && local ? `Nothing listens at ${baseUrl}. Is the mock server started?` : undefined
}

function codesOf(error: unknown, depth = 0): readonly string[] {
  if (depth > 3 || error === undefined) return []
  return [textOf(error, 'code') ?? '', ...codesOf(fieldOf(error, 'cause'), depth + 1)]
}
