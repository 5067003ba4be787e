import { isRedirectUri } from '../../contract/connect.js'
import type { Engine } from '../engine.js'
import { Refusal } from '../refusal.js'
import type { OAuthProviderRow } from '../rows.js'
import type { Secret, VaultContext } from '../vault/index.js'

/** How a client proves to a token endpoint who it is (RFC 6749 §2.3.1). */
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post'

/** An OAuth app at a provider: where its users authorise and its tokens come from. */
export interface OAuthProvider {
  /**
   * Issuer identifier (RFC 8414), compared with the `iss` of authorization responses (RFC 9207). Default: the origin
   * of `authorizationEndpoint`, which is right for every provider without a path in its issuer.
   */
  readonly issuer?: string
  /** The provider says that it always sends `iss`: an authorization response without one is refused. Default false. */
  readonly issRequired?: boolean
  /** https, or http on a loopback host. */
  readonly authorizationEndpoint: string
  /** https, or http on a loopback host. */
  readonly tokenEndpoint: string
  readonly clientId: string
  /** Sealed at once; opened for requests to `tokenEndpoint` alone. */
  readonly clientSecret: string
  /** Default `client_secret_basic`, which RFC 6749 asks every provider to support. */
  readonly clientAuthentication?: ClientAuthentication
  /** What users are asked to grant. */
  readonly scopes: readonly string[]
}

/** An OAuth app by what connections know of it: `oauthAppId` of the tenant's own, null for the one Weavz manages. */
export interface OAuthAppRef {
  readonly integrationName: string
  readonly oauthAppId: string | null
}

function secretContext({ orgId }: Engine, id: string): VaultContext {
  return {
    orgId,
    connectionId: null,
    integrationName: null,
    owner: null,
    credentialType: 'OAUTH2',
    // Bound to its app: the secret of one app never goes to the provider of another
    field: `clientSecret.${id}`,
  }
}

/** @throws TypeError if an endpoint is not safe to send a secret to. */
export function checkProvider(name: string, provider: OAuthProvider): void {
  for (const field of ['authorizationEndpoint', 'tokenEndpoint'] as const) {
    if (!isRedirectUri(provider[field])) {
      throw new TypeError(
        `${field} of "${name}" must be https, or http on a loopback host, without credentials`,
      )
    }
  }
}

/**
 * Gives an app its provider. The client secret is being sealed when this returns; whoever needs it waits.
 *
 * @param id The integration's name for the app that Weavz manages, else the UUID of the tenant's app.
 */
export function registerProvider(engine: Engine, id: string, provider: OAuthProvider): Promise<void> {
  const { clientSecret, issuer, issRequired, clientAuthentication, ...described } = provider
  const sealed = engine.vault.seal(clientSecret, secretContext(engine, id)).then((envelope) => {
    engine.state.tables.oauthProviders.put({
      id,
      ...described,
      scopes: [...provider.scopes],
      issuer: issuer ?? new URL(provider.authorizationEndpoint).origin,
      issRequired: issRequired ?? false,
      clientAuthentication: clientAuthentication ?? 'client_secret_basic',
      clientSecret: envelope,
    })
  })
  engine.oauth.registering.set(id, sealed)
  // Whoever needs the provider awaits the same promise and learns of the failure there
  sealed.catch(() => undefined)
  return sealed
}

/** The provider of an app: its own, else the integration's, else the one that is there by default. */
export async function providerOf(engine: Engine, app: OAuthAppRef): Promise<OAuthProviderRow> {
  const { registering, defaultProvider } = engine.oauth
  const { oauthProviders } = engine.state.tables
  const id = app.oauthAppId ?? app.integrationName
  for (const known of [id, app.integrationName]) {
    await registering.get(known)
    const row = oauthProviders.get(known)
    if (row) return row
  }
  if (!registering.has(id)) {
    const provider = defaultProvider?.(app)
    if (!provider) throw new Refusal('NO_OAUTH_APP', `There is no OAuth app for "${app.integrationName}"`)
    await registerProvider(engine, id, provider)
  }
  return providerOf(engine, app)
}

/** Opens the client secret, for the provider's token endpoint. */
export function openClientSecret(engine: Engine, row: OAuthProviderRow): Promise<Secret> {
  return engine.vault.open(row.clientSecret, secretContext(engine, row.id), 'refresh')
}
