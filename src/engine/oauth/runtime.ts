import type { Credentials } from '../credentials.js'
import type { OAuthAppRef, OAuthProvider } from './providers.js'
import type { Fetch } from './token-request.js'

export interface OAuthOptions {
  /** Carries requests to token endpoints. Default: the global `fetch`. */
  readonly fetch?: Fetch
  /** The provider of an app that was given none. Default: there is none. */
  readonly defaultProvider?: (app: OAuthAppRef) => OAuthProvider | undefined
  /** Hears of tokens that an app brought along (`POST /api/v1/connections`). Default: nobody does. */
  readonly onImport?: (app: OAuthAppRef, tokens: Credentials) => void
  /** How long a request to a token endpoint may take, in milliseconds, its body included. Default 10 000. */
  readonly timeoutMs?: number
  /** Waits between the attempts at a refresh. Default: a timer. */
  readonly sleep?: (milliseconds: number) => Promise<void>
}

/** What OAuth needs beside the state; nothing of it has to survive a restart. */
export interface OAuthRuntime extends Required<Omit<OAuthOptions, 'defaultProvider'>> {
  readonly defaultProvider: (app: OAuthAppRef) => OAuthProvider | undefined
  /** Providers whose client secret is being, or was, sealed. */
  readonly registering: Map<string, Promise<void>>
  /** Refreshes under way, by connection and generation of its tokens. */
  readonly flights: Map<string, Promise<void>>
}

export function createOAuthRuntime(options: OAuthOptions = {}): OAuthRuntime {
  return {
    fetch: (url, init) => fetch(url, init),
    defaultProvider: () => undefined,
    onImport: () => undefined,
    timeoutMs: 10_000,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    ...options,
    registering: new Map(),
    flights: new Map(),
  }
}
