import { Refusal } from '../refusal.js'
import type { McpServerRow } from '../rows.js'

type Moded = Pick<McpServerRow, 'authMode'>

export const takesBearer = ({ authMode }: Moded) => authMode !== 'oauth'
export const takesOAuth = ({ authMode }: Moded) => authMode !== 'bearer'

/** 409 if the server takes OAuth alone. */
export function refuseWithoutBearer(server: Moded): void {
  if (takesBearer(server)) return
  throw new Refusal('MCP_BEARER_DISABLED', 'The server takes no bearer tokens: its authMode is oauth')
}

/** 409 if the server takes bearer tokens alone. */
export function refuseWithoutOAuth(server: Moded): void {
  if (takesOAuth(server)) return
  throw new Refusal('MCP_OAUTH_DISABLED', 'The server takes no OAuth tokens: its authMode is bearer')
}
