import * as z from 'zod/mini'
import { parse } from '../../contract/issues.js'
import type { NewClient } from '../provider/server.js'
import { authMethods, type AuthMethod } from '../provider/store.js'

/** Why a registration is refused (RFC 7591 §3.2.2). */
export class RegistrationError extends Error {
  constructor(
    readonly error: 'invalid_redirect_uri' | 'invalid_client_metadata',
    description: string,
  ) {
    super(description)
  }
}

const grantTypes = ['authorization_code', 'refresh_token'] as const
const RedirectUris = z.array(z.string()).check(z.minLength(1))

/** The metadata that this server looks at, with the defaults of RFC 7591 §2; what else clients say is not kept. */
const ClientMetadata = z.object({
  client_name: z._default(z.string().check(z.minLength(1), z.maxLength(200)), 'An MCP client'),
  token_endpoint_auth_method: z._default(z.enum(authMethods), 'client_secret_basic'),
  grant_types: z._default(z.array(z.enum(grantTypes)), ['authorization_code']),
  response_types: z._default(z.array(z.literal('code')), ['code']),
})

/** Schemes that a browser would run, or show as if they were a page of ours. */
const unsafe = new Set([
  'javascript:',
  'data:',
  'blob:',
  'vbscript:',
  'file:',
  'about:',
  'ws:',
  'wss:',
  'ftp:',
])
const localHosts = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** HTTPS; HTTP on this machine alone; or a scheme that an app on the user's machine has claimed (RFC 8252 §7). */
function isSafe(uri: string): boolean {
  if (!URL.canParse(uri) || uri.includes('#')) return false
  const { protocol, hostname, username, password } = new URL(uri)
  if (username !== '' || password !== '' || unsafe.has(protocol)) return false
  return protocol !== 'http:' || localHosts.has(hostname)
}

/** A client that registered itself, and what it is told about that. */
export interface Registered {
  readonly client: NewClient & { readonly authMethods: readonly [AuthMethod] }
  readonly answer: Readonly<Record<string, unknown>>
}

/**
 * Reads the metadata that a client registers itself with (RFC 7591 §2).
 *
 * @param id The id that it gets.
 * @param scopes Those that there are. What a client asks for is replaced by them (§2): each server has its own.
 * @throws RegistrationError if a value is missing, wrong or not supported.
 */
export function readRegistration(metadata: unknown, id: string, scopes: readonly string[]): Registered {
  const given = typeof metadata === 'object' && metadata !== null ? metadata : {}
  const uris = parse(RedirectUris, 'redirect_uris' in given ? given.redirect_uris : undefined)
  if (!uris.ok || !uris.value.every(isSafe)) {
    throw new RegistrationError(
      'invalid_redirect_uri',
      'redirect_uris must be a list of https URLs, http URLs on loopback hosts or URLs of an app, without fragment',
    )
  }
  const parsed = parse(ClientMetadata, given)
  if (!parsed.ok) {
    const issues = parsed.issues.map(({ path, message }) => `${path}: ${message}`)
    throw new RegistrationError('invalid_client_metadata', issues.join('; '))
  }
  const { client_name: name, token_endpoint_auth_method: authMethod, ...rest } = parsed.value
  if (!rest.grant_types.includes('authorization_code') || rest.response_types.length === 0) {
    throw new RegistrationError(
      'invalid_client_metadata',
      'A client needs the grant type authorization_code and the response type code',
    )
  }
  const redirectUris = uris.value
  return {
    client: {
      ...{ id, name, redirectUris, scopes },
      authMethods: [authMethod],
      refreshes: rest.grant_types.includes('refresh_token'),
    },
    answer: {
      client_id: id,
      client_name: name,
      redirect_uris: redirectUris,
      token_endpoint_auth_method: authMethod,
      ...rest,
      scope: scopes.join(' '),
    },
  }
}
