import { UnauthorizedError, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { onTestFinished } from 'vitest'

type Kept<Save extends 'saveClientInformation' | 'saveTokens'> = Parameters<
  NonNullable<OAuthClientProvider[Save]>
>[0]

/** What an app has to bring along for the official client to sign its user in: a memory, and a browser. */
export class Keeper implements OAuthClientProvider {
  client: Kept<'saveClientInformation'> | undefined
  kept: Kept<'saveTokens'> | undefined
  sentTo: URL | undefined
  #verifier = ''

  constructor(
    readonly redirectUrl: string,
    readonly authMethod: 'none' | 'client_secret_basic' | 'client_secret_post' = 'none',
  ) {}

  readonly state = () => 'the state of the client'
  readonly clientInformation = () => this.client
  readonly tokens = () => this.kept
  readonly codeVerifier = () => this.#verifier

  get clientMetadata() {
    return {
      client_name: 'Official client',
      redirect_uris: [this.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: this.authMethod,
    }
  }

  saveClientInformation(client: Kept<'saveClientInformation'>) {
    this.client = client
  }

  saveTokens(tokens: Kept<'saveTokens'>) {
    this.kept = tokens
  }

  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier
  }

  redirectToAuthorization(url: URL) {
    this.sentTo = url
  }

  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery') {
    if (scope === 'all' || scope === 'tokens') this.kept = undefined
    if (scope === 'all' || scope === 'client') this.client = undefined
  }
}

const transportOf = (endpoint: string, authProvider: Keeper) =>
  new StreamableHTTPClientTransport(new URL(endpoint), { authProvider })

/** Connects with the tokens that are kept, or says where the user has to go first. */
export async function tryToConnect(endpoint: string, keeper: Keeper): Promise<Client | URL> {
  const client = new Client({ name: 'official', version: '1.0.0' })
  onTestFinished(() => client.close())
  keeper.sentTo = undefined
  try {
    await client.connect(transportOf(endpoint, keeper))
    return client
  } catch (error) {
    if (!(error instanceof UnauthorizedError) || !keeper.sentTo) throw error
    return keeper.sentTo
  }
}

/** What the app does when the browser comes back: hands the code over, and connects. */
export async function comeBack(endpoint: string, keeper: Keeper, back: URL): Promise<Client> {
  await transportOf(endpoint, keeper).finishAuth(back.searchParams.get('code') ?? '')
  const connected = await tryToConnect(endpoint, keeper)
  if (connected instanceof URL) throw new Error('The client was sent to sign in again')
  return connected
}
