import fc, { type Arbitrary } from 'fast-check'
import { controlRoutes } from '../../../src/mock/control/routes.js'
import { mutated } from './mutate.js'
import { Ref, type Json, type Pool } from './pool.js'
import { segment, wellFormed, type Wire } from './request.js'
import { nastyTexts, operation } from './values.js'

/** A request beside the API, before the texts of the world are in it. */
export interface Visit {
  readonly method: string
  /** With references in the place of segments. */
  readonly path: readonly Json[]
  readonly query: Json
  readonly token?: Json
  readonly form?: Json
  readonly json?: Json
}

const ref = (field: string) => fc.nat(50).map((nth) => new Ref(field, nth))
const nasty = fc.constantFrom<Json>(...nastyTexts)
const either = (field: string) =>
  fc.oneof({ weight: 8, arbitrary: ref(field) }, { weight: 1, arbitrary: nasty })
const some = <T>(arbitrary: Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 5 })
const at = (path: string): Arbitrary<readonly Json[]> => fc.constant(path.split('/').slice(1))

/** What forms and queries of these pages are made of; each is sent most of the time. */
const fields = fc.record(
  {
    token: either('token'),
    id: either('id'),
    intent: fc.constantFrom<Json>('connect', 'deny', 'approve', 'cancel', ''),
    decision: fc.constantFrom<Json>('approve', 'approve', 'deny', ''),
    request: either('request'),
    account: either('account'),
    end_user: either('externalId'),
    secretText: nasty,
    username: nasty,
    password: nasty,
    state: either('state'),
    code: either('code'),
    error: fc.constantFrom<Json>('access_denied', 'x'),
    iss: fc.constantFrom<Json>(
      'http://weavz.test/_provider',
      'http://weavz.test/oauth',
      'https://evil.example',
    ),
    client_id: either('client_id'),
    client_secret: either('client_secret'),
    redirect_uri: either('redirect_uri'),
    response_type: fc.constantFrom<Json>('code', 'token'),
    grant_type: fc.constantFrom<Json>('authorization_code', 'refresh_token', 'client_credentials', ''),
    refresh_token: either('refresh_token'),
    code_challenge: fc.constantFrom<Json>('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', 'x', ''),
    code_challenge_method: fc.constantFrom<Json>('S256', 'plain'),
    code_verifier: fc.constantFrom<Json>('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk', 'x'),
    resource: either('resource'),
    scope: fc.constantFrom<Json>('mcp:tools', 'mcp:code', 'chat:write', ''),
  },
  { requiredKeys: [] },
) as Arbitrary<Json>

const plainPages = [
  ...[
    '/connect',
    '/connect/portal',
    '/api/v1/connect/oauth-callback',
    '/_provider/authorize',
    '/_provider/decide',
  ],
  ...['/_provider/token', '/oauth/authorize', '/oauth/decide', '/oauth/token'],
  ...['/.well-known/oauth-authorization-server/oauth', '/.well-known/oauth-protected-resource/mcp/weavz'],
]

const pages: Arbitrary<Visit> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'POST', 'PUT', 'OPTIONS'),
  path: fc.oneof(...plainPages.map(at)),
  query: fields,
  token: some(either('client_secret')),
  form: fc.oneof(fields, mutated(fields)),
})

const registration: Arbitrary<Visit> = fc.record({
  method: fc.constant('POST'),
  path: at('/oauth/register'),
  query: fc.constant({}),
  json: fc.oneof(
    fc.constant<Json>({ redirect_uris: ['http://127.0.0.1:9/callback'], client_name: 'A client' }),
    mutated(
      fc.constant<Json>({
        redirect_uris: ['http://127.0.0.1:9/callback', 'https://app.example/cb', 'app://x'],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        client_name: 'A client',
      }),
    ),
  ),
})

/** Calls of the protocol, with tools that there are. */
const rpc = fc.oneof<Arbitrary<Json>[]>(
  fc
    .constantFrom<Json>('tools/list', 'ping', 'resources/list', 'x')
    .map((method) => ({ jsonrpc: '2.0', id: 1, method })),
  fc.constant<Json>({
    jsonrpc: '2.0',
    id: 'a',
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } },
  }),
  fc.constant<Json>({ jsonrpc: '2.0', method: 'notifications/initialized' }),
  operation.map(({ integrationName, actionName, input }) => ({
    jsonrpc: '2.0',
    id: 2,
    method: 'tools/call',
    params: {
      name: `${String(integrationName).replaceAll('-', '_')}__${String(actionName)}`,
      arguments: input ?? {},
    },
  })),
  fc
    .record({
      name: fc.constantFrom<Json>(
        ...['weavz_search', 'weavz_read_api', 'weavz_execute', 'weavz_app', 'weavz_action_info'],
        ...['weavz_validate_action', 'weavz_action_options', 'weavz_call_action', 'x'],
      ),
      arguments: fc.record(
        {
          query: nasty,
          alias: either('alias'),
          code: nasty,
          approvalId: either('approvalId'),
          workspaceId: either('workspaceId'),
          integrationName: either('integrationName'),
          actionName: either('actionName'),
          propertyName: either('propertyName'),
          input: fc.jsonValue({ maxDepth: 1 }) as Arbitrary<Json>,
        },
        { requiredKeys: [] },
      ) as Arbitrary<Json>,
    })
    .map((params) => ({ jsonrpc: '2.0', id: 3, method: 'tools/call', params })),
)

const mcp: Arbitrary<Visit> = fc.record({
  method: fc.constantFrom('POST', 'POST', 'POST', 'POST', 'GET', 'DELETE'),
  path: fc.oneof(
    { weight: 6, arbitrary: ref('mcpPath').map((id) => ['mcp', id]) },
    { weight: 1, arbitrary: at('/mcp/weavz') },
    { weight: 1, arbitrary: nasty.map((text) => ['mcp', segment(String(text))]) },
  ),
  query: fc.constant({}),
  token: some(fc.oneof(ref('bearerToken'), ref('accessToken'), nasty)),
  json: fc.oneof(rpc, mutated(rpc), fc.array(rpc, { maxLength: 3 })),
})

const moment = fc.constantFrom<Json>('2025-02-01T00:00:00.000Z', 1e12, 0, '1h', '-1h', 'x')

/** Bodies that some control route takes; each route gets all of them. */
const controlBody = fc.oneof<Arbitrary<Json>[]>(
  moment.map((advance) => ({ advance })),
  moment.map((set) => ({ set })),
  fc.constantFrom<Json>({ freeze: true }, {}),
  fc.constantFrom<Json>(
    { match: { endpoint: 'connect.poll' }, effect: { type: 'status', status: 418 } },
    {
      match: { endpoint: 'workspaces.list', nth: 3 },
      effect: { type: 'rate-limit', retryAfter: 3 },
      times: 2,
    },
    { match: { endpoint: 'x' }, effect: { type: 'truncate' }, phase: 'before' },
  ),
  fc.record({
    workspaceId: either('workspaceId'),
    integrationName: either('integrationName'),
    endUserId: either('externalId'),
  }),
  fc.constant<Json>({
    type: 'weavz-snapshot',
    version: 1,
    tables: {},
    namespaces: [],
    provider: {},
    random: null,
  }),
)

const control: Arbitrary<Visit> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  path: fc.oneof(
    ...controlRoutes.map(({ path }) => at(path.replace('{id}', '1'))),
    at('/_weavz/'),
    at('/_weavz/x'),
  ),
  query: fc.record(
    {
      limit: fc.constantFrom<Json>('1', '0', 'x', '1e9'),
      endpoint: fc.constantFrom<Json>('connect.poll', 'x', ''),
      after: fc.constantFrom<Json>('1', '-1', 'x'),
      workspaceId: either('workspaceId'),
      resource: fc.constantFrom<Json>('connections', '__proto__', 'x'),
    },
    { requiredKeys: [] },
  ) as Arbitrary<Json>,
  json: fc.oneof(controlBody, mutated(controlBody)),
})

const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value))

function paramsOf(value: unknown): URLSearchParams {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return new URLSearchParams(entries.map(([name, one]) => [name, text(one)]))
}

/** The request as it goes over the wire, with what the pool holds in the place of references. */
export function wireOfVisit({ method, path, query, token, form, json }: Visit, pool: Pool): Wire {
  const segments = path.map((part) => (typeof part === 'string' ? part : segment(text(pool.resolve(part)))))
  const search = paramsOf(pool.resolve(query))
  const body =
    form === undefined ? JSON.stringify(pool.resolve(json ?? null)) : paramsOf(pool.resolve(form)).toString()
  return {
    method,
    path: `/${segments.join('/')}${search.size > 0 ? `?${search}` : ''}`,
    headers: {
      accept: 'application/json, text/event-stream, text/html',
      'content-type': form === undefined ? 'application/json' : 'application/x-www-form-urlencoded',
      // A header has to be ASCII
      ...(token !== undefined && {
        authorization: `Bearer ${encodeURI(wellFormed(text(pool.resolve(token))))}`,
      }),
    },
    body,
  }
}

/** Requests beside the API, by the surface that they are for. */
export const visits = { pages, registration, mcp, control }
