import { defaultBaseUrl } from './contract/base-url.js'
import {
  Actions,
  ApiKeys,
  ApprovalPolicies,
  Approvals,
  Connect,
  Connections,
  EndUsers,
  Integrations,
  McpServers,
  Partials,
  Triggers,
  Workspaces,
} from './resources/index.js'
import {
  Transport,
  checkNames,
  invalidOption,
  type APIPromise,
  type ApiKey,
  type Fetch,
  type HeaderOptions,
  type Hooks,
  type RawRequest,
  type ValidationMode,
} from './transport/index.js'

export interface WeavzClientOptions {
  /**
   * API key (`wvz_…`), or a function that is asked for one before every attempt. Default: the environment variable
   * `WEAVZ_API_KEY`. Only the catalog and the polling of connect sessions work without.
   */
  apiKey?: ApiKey | undefined
  /** Root of the API, without `/api/v1`. Default: the environment variable `WEAVZ_BASE_URL`, else `https://api.weavz.io`. */
  baseUrl?: string | undefined
  /** Replaces the global `fetch`: a proxy, a mock, instrumentation. It gets the URL as text and plain headers. */
  fetch?: Fetch | undefined
  /** Milliseconds for one attempt, body included. Default 310000; `Infinity` for no limit. */
  timeout?: number | undefined
  /** How often a failed attempt may be repeated. Default 2, which makes at most 3 attempts. */
  maxRetries?: number | undefined
  /** Headers for every call. `Authorization` of a client with an API key cannot be replaced. */
  headers?: HeaderOptions | undefined
  /** `User-Agent` header. Default: name and version of this package; in browsers, theirs. */
  userAgent?: string | undefined
  /** Observers for logs, metrics and traces. */
  hooks?: Hooks | undefined
  /** What happens to a success whose body is not what the API promises. Default `throw`. */
  validation?: ValidationMode | undefined
  /** Allows an API key in a browser, where every visitor can read it. Default false. */
  dangerouslyAllowBrowser?: boolean | undefined
}

/**
 * The Weavz API.
 *
 * Beside what a method names, any call may be refused with `VALIDATION_ERROR`, `UNAUTHORIZED`, `SCOPE_DENIED` or, after
 * the retries, `RATE_LIMITED` and 5xx, or end as `WeavzNetworkError`, `WeavzTimeoutError` or `WeavzAbortError`.
 *
 * @see docs/errors.md
 * @throws WeavzError `INVALID_ARGUMENT` if an option cannot be used, or an API key is given in a browser.
 * @example
 * const weavz = new WeavzClient({ apiKey: process.env.WEAVZ_API_KEY })
 * const { workspaces } = await weavz.workspaces.list()
 */
export class WeavzClient {
  readonly #transport: Transport

  /** Workspaces and the integrations configured in them. */
  readonly workspaces: Workspaces
  /** Stored third-party credentials. */
  readonly connections: Connections
  /** Hosted connect: let a user connect an account. */
  readonly connect: Connect
  /** The people who use your product. */
  readonly endUsers: EndUsers
  /** Run actions. */
  readonly actions: Actions
  /** The catalog of integrations. */
  readonly integrations: Integrations
  /** Saved input values. */
  readonly partials: Partials
  /** Events of integrations, posted to your app. */
  readonly triggers: Triggers
  /** Which calls a person must approve first. */
  readonly approvalPolicies: ApprovalPolicies
  /** Calls that wait for, or got, the decision of a person. */
  readonly approvals: Approvals
  /** The integrations of a workspace as tools for AI clients. */
  readonly mcpServers: McpServers
  /** API keys of the organization. */
  readonly apiKeys: ApiKeys

  constructor(options: WeavzClientOptions = {}) {
    // `baseURL`, as others spell it, would send the calls, and the key, somewhere else than was meant
    checkNames('WeavzClient', options, optionNames)
    const { dangerouslyAllowBrowser = false, ...given } = options
    const apiKey = given.apiKey ?? environment('WEAVZ_API_KEY')
    if (apiKey !== undefined && !dangerouslyAllowBrowser && isBrowser()) {
      throw invalidOption(
        'An API key in a browser is an API key for every visitor. Call Weavz from your server; ' +
          'for connect popups use `@weavz/sdk/browser`. `dangerouslyAllowBrowser: true` switches this check off.',
      )
    }
    const baseUrl = given.baseUrl ?? environment('WEAVZ_BASE_URL') ?? defaultBaseUrl
    const transport = new Transport({ ...given, apiKey, baseUrl })
    this.#transport = transport
    this.workspaces = new Workspaces(transport)
    this.connections = new Connections(transport)
    this.connect = new Connect(transport)
    this.endUsers = new EndUsers(transport)
    this.actions = new Actions(transport)
    this.integrations = new Integrations(transport)
    this.partials = new Partials(transport)
    this.triggers = new Triggers(transport)
    this.approvalPolicies = new ApprovalPolicies(transport)
    this.approvals = new Approvals(transport)
    this.mcpServers = new McpServers(transport)
    this.apiKeys = new ApiKeys(transport)
  }

  /** Root of the API, without a trailing slash. */
  get baseUrl(): string {
    return this.#transport.baseUrl
  }

  /**
   * Calls a path that this version has no method for, with the client's key, retries, time-outs and errors. The answer
   * is parsed, but not validated.
   *
   * @param path From the root of the API, with a leading slash; parameters in it are yours to encode.
   * @param init Method (default GET, with a body POST), query, body (sent as JSON), and the options of any call.
   * @throws The errors of any call.
   * @example
   * const { total } = await weavz.request<{ total: number }>('/api/v1/triggers', { query: { limit: 1 } })
   */
  request<T = unknown>(path: string, init?: RawRequest): APIPromise<T> {
    return this.#transport.request<T>(path, init)
  }
}

const optionNames: Readonly<Record<keyof WeavzClientOptions, true>> = {
  apiKey: true,
  baseUrl: true,
  fetch: true,
  timeout: true,
  maxRetries: true,
  headers: true,
  userAgent: true,
  hooks: true,
  validation: true,
  dangerouslyAllowBrowser: true,
}

function environment(name: string): string | undefined {
  try {
    // Absent in browsers and workers; an empty variable is as good as none
    return globalThis.process?.env?.[name] || undefined
  } catch {
    // Deno asks for a permission first
    return undefined
  }
}

/** A page or a web worker. Deno and Cloudflare Workers have neither `window.document` nor `importScripts`. */
function isBrowser(): boolean {
  return typeof document !== 'undefined' || typeof Reflect.get(globalThis, 'importScripts') === 'function'
}
