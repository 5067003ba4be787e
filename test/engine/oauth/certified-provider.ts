import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import type { OAuthProvider } from '../../../src/engine/oauth/providers.js'
import { callback } from './kit.js'

/** An OpenID-certified provider in this process, on loopback, with rotation and reuse detection. */
export interface CertifiedProvider {
  readonly issuer: string
  /** How an app is told about it. */
  readonly config: OAuthProvider
  /** A browser whose user decides; answers where the provider sends it in the end. */
  visit(url: string, decision: 'approve' | 'deny'): Promise<URL>
  /** The protected resource: 200 for a good access token, else 401. */
  userinfo(accessToken: string): Promise<number>
  close(): Promise<void>
}

const client = { id: 'weavz', secret: 'a secret of + 40 characters / at = least!' }

export async function startCertifiedProvider(): Promise<CertifiedProvider> {
  let decision: 'approve' | 'deny' = 'approve'
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined
  const server: Server = createServer((request, response) => handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [callback],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    cookies: { keys: ['a key for the cookies of a test'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    issueRefreshToken: () => true,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      IdToken: 3600,
      Session: 86_400,
      Grant: 86_400,
      Interaction: 600,
      RefreshToken: 86_400,
    },
  })
  const protocol = provider.callback()

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params } = await provider.interactionDetails(request, response)
    if (decision === 'deny') {
      const refusal = { error: 'access_denied', error_description: 'End-User aborted interaction' }
      return provider.interactionFinished(request, response, refusal)
    }
    if (prompt.name === 'login') {
      return provider.interactionFinished(request, response, { login: { accountId: 'ava' } })
    }
    const grant = new provider.Grant({ accountId: 'ava', clientId: params.client_id })
    grant.addOIDCScope(params.scope)
    const consent = { grantId: await grant.save() }
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true })
  }

  handle = (request, response) => {
    if (request.url?.startsWith('/interaction/')) void interact(request, response)
    else protocol(request, response)
  }

  return {
    issuer,
    config: {
      issuer,
      issRequired: true,
      authorizationEndpoint: `${issuer}/auth`,
      tokenEndpoint: `${issuer}/token`,
      clientId: client.id,
      clientSecret: client.secret,
      scopes: ['openid'],
    },
    async visit(start, decided) {
      decision = decided
      const cookies = new Map<string, string>()
      let url = new URL(start)
      for (let hop = 0; hop < 10 && url.origin === issuer; hop++) {
        const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ')
        const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
        for (const set of response.headers.getSetCookie()) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? []
          cookies.set(name as string, value as string)
        }
        const location = response.headers.get('location')
        if (location === null)
          throw new Error(`The provider stopped: ${response.status} ${await response.text()}`)
        url = new URL(location, url)
      }
      return url
    },
    userinfo: async (accessToken) =>
      (await fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } })).status,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
