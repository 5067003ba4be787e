import { callbackPath } from '../../engine/oauth/authorization.js'
import type { OAuthAppRef, OAuthProvider } from '../../engine/oauth/providers.js'
import type { Fetch } from '../../engine/oauth/token-request.js'
import { authorizePath, issuerPath, tokenPath } from './paths.js'
import { createTokenRoute } from './routes.js'
import type { AuthorizationServer } from './server.js'

/** A name that resolves nowhere (RFC 2606): requests to it are answered in process, and can never reach a network. */
const inProcess = 'https://provider.invalid'

/** From the redirect URI to the base URL: the same mock may be reached under several. */
const toBase = '../'.repeat(callbackPath.split('/').length - 2)
const belowBase = (path: string) => toBase + path.slice(1)

/** The client that an app is at the built-in provider. */
export function clientIdOf({ integrationName, oauthAppId }: OAuthAppRef): string {
  return `offline-${oauthAppId ?? integrationName}`
}

/**
 * Registers an app at the built-in provider, which is how every OAuth integration has one without being told.
 *
 * @param name What the consent page calls it.
 */
export function builtInProvider(
  server: AuthorizationServer,
  { integrationName, oauthAppId }: OAuthAppRef,
  name = integrationName,
): OAuthProvider {
  const clientId = clientIdOf({ integrationName, oauthAppId })
  const scopes = [`${integrationName}.read`, `${integrationName}.write`]
  const clientSecret = server.register({
    id: clientId,
    name,
    redirectUris: [callbackPath],
    scopes,
  })
  return {
    issuer: belowBase(issuerPath),
    issRequired: true,
    authorizationEndpoint: belowBase(authorizePath),
    tokenEndpoint: inProcess + tokenPath,
    clientId,
    clientSecret,
    scopes,
  }
}

/** Answers requests to the built-in provider, and hands all others on. */
export function providerFetch(server: AuthorizationServer, foreign: Fetch): Fetch {
  const app = createTokenRoute(server)
  return async (url, init) =>
    new URL(url).origin === inProcess ? app.fetch(new Request(url, init)) : foreign(url, init)
}
