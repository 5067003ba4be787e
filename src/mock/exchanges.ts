import { endpoints, type EndpointId } from '../contract/index.js'
import { callbackPath } from '../engine/oauth/authorization.js'
import * as provider from './provider/paths.js'
import * as signIn from './sign-in/paths.js'

export interface Surface {
  /** As the router matches them. */
  readonly paths: readonly string[]
  readonly answers: 'html' | 'json'
  /** Whether pages of other origins call it. */
  readonly crossOrigin?: true
}

/** What is served beside the endpoints of the API, under the names by which faults and the journal know it. */
export const surfaces = {
  /** The hosted connect page, and the form on it. */
  'pages.connect': { paths: ['/connect'], answers: 'html' },
  /** Where the provider sends the user back to. */
  'pages.callback': { paths: [callbackPath], answers: 'html' },
  /** The portal of an end user. */
  'pages.portal': { paths: ['/connect/portal'], answers: 'html' },
  /** The consent page of the built-in provider, and the form on it. */
  'provider.authorize': { paths: [provider.authorizePath, provider.decidePath], answers: 'html' },
  /** The token endpoint of the built-in provider. */
  'provider.token': { paths: [provider.tokenPath], answers: 'json' },
  /** What MCP clients speak to. */
  'mcp.endpoint': { paths: ['/mcp/:server'], answers: 'json', crossOrigin: true },
  /** How MCP clients find out where end users sign in. */
  'mcp.metadata': {
    paths: [`${signIn.resourceMetadataPath}/*`, signIn.serverMetadataPath],
    answers: 'json',
    crossOrigin: true,
  },
  /** Where MCP clients register. */
  'mcp.register': { paths: [signIn.registrationPath], answers: 'json', crossOrigin: true },
  /** Where end users sign in for MCP clients, and the form there. */
  'mcp.authorize': { paths: [signIn.authorizePath, signIn.decidePath], answers: 'html' },
  /** Where MCP clients get their tokens. */
  'mcp.token': { paths: [signIn.tokenPath], answers: 'json', crossOrigin: true },
} as const satisfies Record<string, Surface>
export type SurfaceId = keyof typeof surfaces

export const surfaceIds = Object.keys(surfaces) as SurfaceId[]

/** What this Weavz sends: to token endpoints of any provider, and to receivers of events. */
const outgoing = ['provider.token', 'webhooks.trigger', 'webhooks.approval'] as const
export type OutgoingId = (typeof outgoing)[number]

/** Every kind of exchange, by its name. */
export type ExchangeId = EndpointId | SurfaceId | OutgoingId

export const exchangeIds: readonly ExchangeId[] = [
  ...new Set<ExchangeId>([...endpoints.map(({ id }) => id), ...surfaceIds, ...outgoing]),
]

/** Whether its answers are pages, which nobody parses as JSON. */
export function answersHtml(id: ExchangeId): boolean {
  return id in surfaces && surfaces[id as SurfaceId].answers === 'html'
}

/** Whether a path is one of the API, whose queries and bodies are JSON of the contract. */
export function isApiPath(pathname: string): boolean {
  return pathname.startsWith('/api/') && pathname !== callbackPath
}
