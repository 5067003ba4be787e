import type { Clock } from '../engine/clock.js'
import { didYouMean, shownName, strangeOption } from '../engine/nearest.js'
import type { OAuthProvider } from '../engine/oauth/providers.js'
import type { Fetch } from '../engine/oauth/token-request.js'
import type { Quotas } from '../engine/quotas.js'
import type { RandomSource } from '../engine/random.js'
import type { Seed } from './kit/seed-schema.js'
import type { RouterOptions } from './router.js'

export interface MockWeavzOptions<S extends Seed = Seed> extends RouterOptions {
  /** What is there from the beginning. Default: nothing but the API key. */
  readonly seed?: S
  /** The API key that it accepts. Default: one made up, in `apiKey`. Must begin with `wvz_`. */
  readonly apiKey?: string
  /**
   * What the control routes (`/_weavz/…`) need as a bearer token, on every door. Default: none is needed, and `listen`
   * answers them to this machine alone.
   */
  readonly controlToken?: string
  /** The clock below `weavz.clock`, shared with all forks. Default: the machine's clock. */
  readonly clock?: Clock
  /** Where ids and tokens come from. Default: a fixed seed, so that every run sees the same ids. */
  readonly random?: RandomSource
  /** The key that credentials are sealed under: 32 bytes. Default: drawn from `random`. */
  readonly vaultKey?: Uint8Array
  /** Integrations that have an OAuth app managed by Weavz. Default: all. */
  readonly managedOAuthApps?: readonly string[]
  /** OAuth apps of the tenant, for `oauthAppMode: 'custom'`. Without a `provider`, that of the integration is used. */
  readonly oauthApps?: readonly {
    readonly id: string
    readonly integrationName: string
    readonly provider?: OAuthProvider
  }[]
  /** Where the users of an integration authorise, by its name. Default: the built-in provider, for all of them. */
  readonly oauthProviders?: Readonly<Record<string, OAuthProvider>>
  /** Carries requests to the token endpoints of `oauthProviders`. Default: the global `fetch`. */
  readonly providerFetch?: Fetch
  /**
   * Carries the events of triggers and approvals to their receivers. Default: the global `fetch`, for loopback addresses
   * alone; what goes elsewhere is not sent, and its delivery says why.
   */
  readonly deliveryFetch?: Fetch
  /** The shortest interval, in minutes, that the plan allows polling triggers. Default 1. */
  readonly minPollingIntervalMinutes?: number
  /**
   * Limits of the plan; they win over those of the seed, whose entries are there whatever the limits. What is used up
   * answers 403 `QUOTA_EXCEEDED`. Default: no limits.
   */
  readonly quotas?: Quotas
  /** How many exchanges the journal keeps. Default 1000. */
  readonly journalLimit?: number
  /**
   * Seconds that an access token lives: of the built-in provider, and of end users who sign in for MCP clients.
   * Default 3600.
   */
  readonly accessTokenLifetime?: number
}

const names: Readonly<Record<keyof MockWeavzOptions, true>> = {
  accessTokenLifetime: true,
  apiKey: true,
  baseUrl: true,
  clock: true,
  connectRequestsPerMinute: true,
  controlToken: true,
  deliveryFetch: true,
  journalLimit: true,
  managedOAuthApps: true,
  minPollingIntervalMinutes: true,
  oauthApps: true,
  oauthProviders: true,
  pages: true,
  providerFetch: true,
  quotas: true,
  random: true,
  requestsPerMinute: true,
  seed: true,
  strict: true,
  vaultKey: true,
}

/** @throws TypeError for what is no object, and for a name that no option has. */
export function checkOptionNames(options: MockWeavzOptions): void {
  if (Object(options) !== options)
    throw new TypeError('createMockWeavz takes an object: createMockWeavz({ seed })')
  const strange = strangeOption(options, names)
  if (strange === undefined) return
  throw new TypeError(
    `createMockWeavz has no option ${shownName(strange)}${didYouMean(strange, Object.keys(names))}`,
  )
}
