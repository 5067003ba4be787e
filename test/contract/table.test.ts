import { describe, expect, it } from 'vitest'
import type * as z from 'zod/mini'
import type { AnyEndpoint } from '../../src/contract/endpoint.js'
import { commonErrors, errorStatus, ErrorBody } from '../../src/contract/errors.js'
import { contract, endpoints } from '../../src/contract/index.js'
import { parse } from '../../src/contract/issues.js'

type Schema = z.core.$ZodType

/** Every schema inside a schema, itself included, with where it is. */
function* within(schema: Schema, path: string): Generator<[string, Record<string, unknown>, Schema]> {
  const def = { ...schema._zod.def } as Record<string, unknown>
  yield [path, def, schema]
  const inner = [def.innerType, def.element, def.valueType, def.in, def.out, ...((def.options as []) ?? [])]
  for (const each of inner) if (each) yield* within(each as Schema, path)
  for (const [name, each] of Object.entries(def.shape ?? {})) yield* within(each as Schema, `${path}.${name}`)
}

describe('the table of endpoints', () => {
  it('names every endpoint by its place', () => {
    const nested: Record<string, string> = {
      workspaceIntegrations: 'workspaces.integrations',
      mcpTools: 'mcpServers.tools',
    }
    for (const [resource, methods] of Object.entries(contract)) {
      const place = nested[resource] ?? resource
      for (const [method, { id }] of Object.entries(methods)) expect(id).toBe(`${place}.${method}`)
    }
  })

  it('has every endpoint once: by id, and by method, path and what selects it', () => {
    const keys = endpoints.map(
      ({ method, path, selectedBy }: (typeof endpoints)[number] & { selectedBy?: object }) =>
        JSON.stringify([method, path, selectedBy]),
    )
    expect(new Set(keys).size).toBe(endpoints.length)
    expect(new Set(endpoints.map(({ id }) => id)).size).toBe(endpoints.length)
  })

  it.each(endpoints.map((endpoint) => [endpoint.id, endpoint] as const))(
    '%s is well-formed',
    (_, endpoint) => {
      expect(endpoint.path).toMatch(/^\/(health|api\/v1(\/([a-z-]+|\{[a-zA-Z]+\}))+)$/)
      expect(endpoint.summary).toMatch(/^[A-Z].*\.$/)
      expect(Object.keys(endpoint.responses)).not.toEqual([])
      for (const status of Object.keys(endpoint.responses)) expect(['200', '201', '202']).toContain(status)
      expect(new Set(endpoint.errors).size).toBe(endpoint.errors.length)
      for (const code of endpoint.errors) expect(commonErrors).not.toContain(code)
    },
  )

  it('lets only reading POSTs be repeated', () => {
    const safe = endpoints.filter((endpoint) => 'safeToRetry' in endpoint && endpoint.safeToRetry)
    const documented = [
      '/api/v1/connections/resolve',
      '/api/v1/connect/session/poll',
      '/api/v1/integrations/{integrationName}/properties/options',
      '/api/v1/integrations/{integrationName}/properties/resolve',
      '/api/v1/approval-policies/test',
      '/api/v1/triggers/test',
    ]
    for (const { method, path } of safe) {
      expect(method).toBe('POST')
      expect(documented).toContain(path)
    }
    for (const endpoint of endpoints) {
      if (documented.includes(endpoint.path)) expect(safe).toContain(endpoint)
    }
  })

  it('needs no key for the catalog, the poll and the health, and for nothing else', () => {
    const free = endpoints.filter(({ auth }) => auth === 'none').map(({ id }) => id)
    expect(free.sort()).toEqual([
      'connect.poll',
      'health.check',
      'integrations.get',
      'integrations.list',
      'integrations.listSummary',
    ])
  })
})

describe('requests', () => {
  const bodies = (endpoints as readonly AnyEndpoint[]).flatMap(({ id, body }) =>
    body ? [[id, body] as const] : [],
  )

  it.each(bodies)('of %s refuse unknown fields, at every depth that has names', (_, body) => {
    let objects = 0
    for (const [path, def] of within(body, 'body')) {
      if (def.type !== 'object') continue
      objects++
      expect((def.catchall as Schema | undefined)?._zod.def.type, path).toBe('never')
    }
    expect(objects).toBeGreaterThan(0)
  })
})

describe('responses', () => {
  const responses = endpoints.flatMap(({ id, responses }) =>
    Object.entries<Schema>(responses).map(([status, schema]) => [`${id} ${status}`, schema] as const),
  )

  it.each(responses)(
    'of %s keep unknown fields and unknown values of enums, at every depth',
    (_, response) => {
      for (const [path, def] of within(response, 'body')) {
        expect(def.type, path).not.toBe('enum')
        if (def.type === 'object')
          expect((def.catchall as Schema | undefined)?._zod.def.type, path).toBe('unknown')
      }
    },
  )

  it('come out of a parse as they came in, with what this version does not know', () => {
    const { responses } = contract.workspaceIntegrations.list
    const body = {
      integrations: [
        {
          ...{
            id: '7df5c03e-4df5-4b5f-95a7-5277d8f972db',
            workspaceId: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890',
          },
          ...{ orgId: '550e8400-e29b-41d4-a716-446655440000', integrationName: 'slack', alias: 'slack' },
          ...{ displayName: 'Team Slack', connectionStrategy: 'per_moon_phase', connectionId: null },
          ...{ enabledActions: null, settings: { future: { x: 1 } }, sortOrder: 0 },
          ...{
            connectionStatus: 'SLEEPING',
            connectionDisplayName: 'Slack Bot',
            connectionExternalId: 'slack_bot',
          },
          ...{
            createdAt: '2025-01-15T10:30:00.000Z',
            updatedAt: '2025-01-15T10:30:00.000Z',
            moon: { phase: 3 },
          },
        },
      ],
      total: 1,
      nextCursor: 'x',
    }
    expect(parse(responses[200], structuredClone(body))).toEqual({ ok: true, value: body })
  })

  it('of a wrong shape are told by their path', () => {
    const { responses } = contract.connections.get
    expect(parse(responses[200], { connection: { id: 1 } })).toMatchObject({
      ok: false,
      issues: expect.arrayContaining([
        { path: 'connection.id', message: 'Expected string, received number' },
      ]),
    })
  })
})

describe('the error catalogue', () => {
  const documented: [number, string][] = [
    [
      400,
      'VALIDATION_ERROR INVALID_JSON NO_UPDATES CONNECTION_REQUIRED NO_OAUTH_APP MISSING_TOKEN AMBIGUOUS_INTEGRATION ACTION_FAILED PARTIAL_MISMATCH NOT_DROPDOWN NO_OPTIONS_FN OPTIONS_FAILED NOT_DYNAMIC NO_PROPS_FN RESOLVE_FAILED INVALID_MCP_SCOPES WORKSPACE_REQUIRED MISSING_FIELDS MISSING_KEY MISSING_ID MISSING_CONNECTION MISSING_INTEGRATION_NAME NOT_OAUTH2 MISSING_OAUTH2_CONFIG OAUTH_ERROR MISSING_CODE TOKEN_EXCHANGE_FAILED REFRESH_FAILED INVALID_OAUTH_APP INVALID_CONFIG INVALID_ADDON NATIVE_RUNTIME_REQUIRED NATIVE_ACTION_UNSUPPORTED',
    ],
    [401, 'UNAUTHORIZED INVALID_TOKEN UNAUTHENTICATED'],
    [
      403,
      'FORBIDDEN SCOPE_DENIED QUOTA_EXCEEDED ACTION_NOT_ALLOWED POLLING_INTERVAL_TOO_SHORT APPROVAL_POLICY_BLOCKED APPROVAL_DECISION_SCOPE_REQUIRED AUTH_DISABLED NOT_MEMBER AUTH_SCOPE_DENIED APPROVAL_DECISION_DENIED',
    ],
    [
      404,
      'NOT_FOUND CONNECTION_NOT_FOUND OAUTH_APP_NOT_FOUND END_USER_NOT_FOUND INTEGRATION_NOT_FOUND ACTION_NOT_FOUND TRIGGER_NOT_FOUND PARTIAL_NOT_FOUND APPROVAL_POLICY_NOT_FOUND APPROVAL_NOT_FOUND SESSION_NOT_FOUND',
    ],
    [
      409,
      'DUPLICATE MCP_BEARER_DISABLED MCP_OAUTH_DISABLED MCP_STATIC_BEARER_INCOMPATIBLE MCP_BEARER_BLOCKS_PER_USER ALIAS_CONFLICT APPROVAL_ALREADY_DECIDED APPROVAL_EXPIRED SLUG_EXISTS APPROVAL_UPDATE_CONFLICT BROWSER_CONTROL_REQUIRED BROWSER_RECOVERY_REQUIRED',
    ],
    [429, 'RATE_LIMITED'],
    [500, 'INTERNAL_ERROR SESSION_CREATE_FAILED STORAGE_ERROR'],
    [
      503,
      'INTEGRATION_UNAVAILABLE SHARD_UNAVAILABLE BROWSER_SANDBOX_UNAVAILABLE BROWSER_SESSION_START_FAILED HANDOFF_FAILED',
    ],
    [0, 'HTTP_ERROR'],
  ]

  it('has the 80 documented codes with their usual status', () => {
    const expected = Object.fromEntries(
      documented.flatMap(([status, codes]) => codes.split(' ').map((code) => [code, status])),
    )
    expect(Object.keys(expected)).toHaveLength(80)
    expect(errorStatus).toEqual(expected)
  })

  it('parses an error with a code that it does not know, with any details, and without both', () => {
    for (const body of [
      { error: 'x', code: 'BRAND_NEW', details: { a: [1] }, extra: true },
      { error: 'x', details: 'text' },
      { error: 'x' },
    ]) {
      expect(parse(ErrorBody, body)).toEqual({ ok: true, value: body })
    }
    for (const body of [{}, { error: 5 }, null, 'text', []]) expect(parse(ErrorBody, body).ok).toBe(false)
  })
})
