import * as oauth from 'oauth4webapi'
import { openRefreshToken, sealCredentials, type Credentials } from '../credentials.js'
import type { Engine } from '../engine.js'
import type { ConnectionRow, CredentialRow } from '../rows.js'
import { key } from '../table.js'
import { OAuthError, isTerminal, type OAuthReason } from './errors.js'
import { openClientSecret, providerOf } from './providers.js'
import { requestToken, serverOf } from './token-request.js'
import {
  failedTokens,
  isExpired,
  isLost,
  isRefreshDue,
  newTokens,
  rejectedTokens,
  type TokenState,
} from './tokens.js'

/** Waits before the second and the third attempt at a refresh whose failure may pass. */
const backoffMs = [200, 800] as const

/** A connection with OAuth tokens, as it is now. */
interface Held {
  readonly connection: ConnectionRow
  readonly credentials: CredentialRow
  readonly tokens: TokenState
}

function find({ state }: Engine, connectionId: string): Held | undefined {
  const connection = state.tables.connections.get(connectionId)
  const credentials = state.tables.credentials.get(connectionId)
  return connection && credentials?.tokens
    ? { connection, credentials, tokens: credentials.tokens }
    : undefined
}

/** Which tokens a connection has now: to be given to `renewRejected` should a third party refuse them. */
export function generationOf(engine: Engine, connectionId: string): number | undefined {
  return find(engine, connectionId)?.tokens.generation
}

/**
 * Refreshes the tokens of a connection that is about to be used, if they are due. Calls at the same time share one
 * request. Afterwards the connection's status says whether it can be used: a connection whose refresh failed in a way
 * that may pass is tried again here, once its cool-down is over, and is ACTIVE again when that succeeds.
 *
 * @returns When all that could be done is done; undefined if nothing had to be.
 */
export function keepFresh(engine: Engine, connectionId: string): Promise<void> | undefined {
  const held = find(engine, connectionId)
  const now = engine.clock.now()
  if (!held || isLost(held.tokens) || !isRefreshDue(held.tokens, now)) return undefined
  if (now < held.tokens.retryAt) {
    if (!isExpired(held.tokens, now)) return undefined
    // What was still valid when the provider failed has expired since
    setStatus(engine, held.connection, 'ERROR')
    return Promise.resolve()
  }
  const { flights } = engine.oauth
  const flight = key(connectionId, String(held.tokens.generation))
  let running = flights.get(flight)
  if (!running) {
    running = refresh(engine, held).finally(() => flights.delete(flight))
    flights.set(flight, running)
  }
  return running
}

/**
 * Refreshes the tokens that a third party refused, unless another call has done so meanwhile.
 *
 * @param generation Of the tokens that were refused.
 */
export async function renewRejected(engine: Engine, connectionId: string, generation: number): Promise<void> {
  const held = find(engine, connectionId)
  if (held?.tokens.generation !== generation) return
  const { flights } = engine.oauth
  // A refresh that is under way will replace them anyhow
  if (!flights.has(key(connectionId, String(generation)))) {
    storeTokens(engine, held, rejectedTokens(held.tokens, engine.clock.now()))
  }
  await keepFresh(engine, connectionId)
}

async function refresh(engine: Engine, held: Held): Promise<void> {
  const { connection, tokens } = held
  const outcome = await requestRefresh(engine, held)
  if (typeof outcome !== 'string') {
    const { id, integrationName, type } = connection
    const sealed = await sealCredentials(engine, { id, integrationName, type, owner: connection }, outcome)
    const now = current(engine, connection.id, tokens.generation)
    if (!now) return
    // Stored before anybody uses it; a provider that sends no new refresh token means that the old one stays good
    engine.state.tables.credentials.put({
      ...now.credentials,
      fields: { ...now.credentials.fields, ...sealed },
      tokens: newTokens(engine.clock.now(), outcome.expiresIn, now.tokens),
    })
    setStatus(engine, now.connection, 'ACTIVE')
    return
  }
  const now = current(engine, connection.id, tokens.generation)
  if (!now) return
  const at = engine.clock.now()
  storeTokens(engine, now, failedTokens(now.tokens, at, outcome))
  if (isTerminal(outcome) || isExpired(now.tokens, at)) setStatus(engine, now.connection, 'ERROR')
}

/** The connection, unless it was deleted or re-authorised while the refresh was under way. */
function current(engine: Engine, id: string, generation: number): Held | undefined {
  const held = find(engine, id)
  return held?.tokens.generation === generation ? held : undefined
}

/** Asks the provider, a few times where that may help. Answers the new tokens, or why there are none. */
async function requestRefresh(engine: Engine, { connection }: Held): Promise<Credentials | OAuthReason> {
  const refreshToken = await openRefreshToken(engine, connection)
  if (!refreshToken) return 'no_refresh_token'
  const provider = await providerOf(engine, connection)
  const clientSecret = await openClientSecret(engine, provider)
  const server = serverOf(provider)
  for (let attempt = 0; ; attempt++) {
    try {
      return await requestToken(engine, provider, clientSecret, 'REFRESH_FAILED', async (request) => {
        const { client, authentication, options } = request
        const response = await oauth.refreshTokenGrantRequest(
          server,
          client,
          authentication,
          refreshToken.reveal(),
          options,
        )
        return oauth.processRefreshTokenResponse(server, client, response)
      })
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      const wait = isTerminal(error.reason) ? undefined : backoffMs[attempt]
      if (wait === undefined) return error.reason
      await engine.oauth.sleep(wait)
    }
  }
}

function storeTokens({ state }: Engine, { credentials }: Held, tokens: TokenState): void {
  state.tables.credentials.put({ ...credentials, tokens })
}

function setStatus(engine: Engine, connection: ConnectionRow, status: 'ACTIVE' | 'ERROR'): void {
  if (connection.status === status) return
  engine.state.tables.connections.put({ ...connection, status, updatedAt: engine.now() })
}
