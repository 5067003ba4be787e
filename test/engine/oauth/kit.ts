import type { ActionHandler } from '../../../src/engine/action-registry.js'
import { executeAction } from '../../../src/engine/actions.js'
import { createConnection } from '../../../src/engine/connections.js'
import { createEngine, type Engine } from '../../../src/engine/engine.js'
import type { OAuthProvider } from '../../../src/engine/oauth/providers.js'
import type { OAuthOptions } from '../../../src/engine/oauth/runtime.js'
import { seededRandom, type RandomSource } from '../../../src/engine/random.js'
import { createWorkspaceIntegration } from '../../../src/engine/workspace-integrations.js'
import { createWorkspace } from '../../../src/engine/workspaces.js'

export const minute = 60_000
export const hour = 60 * minute
export const callback = 'https://weavz.test/api/v1/connect/oauth-callback'

export const provider: OAuthProvider = {
  authorizationEndpoint: 'https://provider.test/authorize',
  tokenEndpoint: 'https://provider.test/token',
  clientId: 'client:1',
  clientSecret: 'client secret + % & "quoted"',
  scopes: ['read', 'write'],
}

/** A clock that stands still until it is told otherwise. */
export function handClock(now = Date.UTC(2025, 0, 15, 10, 30)) {
  return { now: () => now, advance: (milliseconds: number) => void (now += milliseconds) }
}

/** One request that reached the token endpoint. */
export interface Asked {
  readonly form: Record<string, string>
  readonly authorization: string | null
}

/** What the token endpoint answers; it may throw, wait and never answer. */
export type Answer = (asked: Asked) => Response | Promise<Response>

/** A token response that any provider could give. */
export function tokens(fields: Record<string, unknown> = {}): Response {
  return Response.json({ access_token: 'at-2', token_type: 'bearer', expires_in: 3600, ...fields })
}

export interface Options extends OAuthOptions {
  readonly random?: RandomSource
  readonly provider?: Partial<OAuthProvider>
}

/**
 * An engine whose Slack users authorise at a provider that the test plays. Time passes only when the test says so;
 * waits between attempts are listed in `waits`.
 */
export function engineWith(answer: Answer, { random = seededRandom(7), ...options }: Options = {}) {
  const clock = handClock()
  const asked: Asked[] = []
  const waits: number[] = []
  const behaviour = { answer }
  const engine = createEngine({
    clock,
    random,
    oauth: {
      fetch: async (url, init) => {
        if (url !== provider.tokenEndpoint) throw new Error(`Unexpected request to ${url}`)
        const headers = new Headers(init.headers)
        const form = Object.fromEntries(new URLSearchParams(String(init.body)))
        const request = { form, authorization: headers.get('authorization') }
        asked.push(request)
        return behaviour.answer(request)
      },
      defaultProvider: () => ({ ...provider, ...options.provider }),
      sleep: async (milliseconds) => void waits.push(milliseconds),
      timeoutMs: 50,
      ...options,
    },
  })
  const { id: workspaceId } = createWorkspace(engine, { name: 'Acme', slug: 'acme' })
  return { engine, clock, asked, waits, behaviour, workspaceId }
}

/** The same, with a pinned Slack connection whose access token `at-1` has just begun its hour. */
export async function connectedWorld(
  answer: Answer,
  fields: { refreshToken?: string | undefined; expiresIn?: number | undefined } = {},
  options: Options = {},
) {
  const world = engineWith(answer, options)
  const { engine, workspaceId } = world
  const { id } = await createConnection(engine, {
    type: 'OAUTH2',
    integrationName: 'slack',
    externalId: 'main',
    displayName: 'Main',
    workspaceId,
    accessToken: 'at-1',
    refreshToken: 'rt-1',
    expiresIn: 3600,
    data: { team: 'T1' },
    ...fields,
  })
  createWorkspaceIntegration(engine, workspaceId, { integrationName: 'slack', connectionId: id })
  const used: string[] = []
  const slack = (handler: ActionHandler) => engine.actions.set('slack', 'list_users', handler)
  slack(({ credentials }) => void used.push(credentials?.accessToken?.reveal() ?? 'none'))
  return {
    ...world,
    id,
    /** The access tokens that reached the third party. */
    used,
    slack,
    execute: () => executeAction(engine, { workspaceId, integrationName: 'slack', actionName: 'list_users' }),
    status: () => engine.state.tables.connections.get(id)?.status,
    opened: () => engine.vault.openings.list().map(({ purpose, field }) => `${purpose} ${field}`),
  }
}

/** What a refused call answers. */
export async function refusalOf(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason as { code: string; status: number; details?: { reason?: string } },
  )
  return error && { code: error.code, status: error.status, reason: error.details?.reason }
}

export const inError = { code: 'CONNECTION_REQUIRED', status: 400, reason: 'CONNECTION_IN_ERROR' }

export function sessionOf(engine: Engine, id: string) {
  const session = engine.state.tables.sessions.get(id)
  if (!session) throw new Error('No such session')
  return session
}
