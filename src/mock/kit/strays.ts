import type { ValidationIssue } from '../../contract/errors.js'
import type { Opening, Purpose } from '../../engine/vault/index.js'
import type { ExchangeId } from '../exchanges.js'

type Opened = Pick<Opening, 'connectionId' | 'field' | 'purpose'>

/** Of all exchanges those that open something, and what for. All others open nothing (docs/encryption.md). */
const opens: { readonly [Id in ExchangeId]?: readonly Purpose[] } = {
  'actions.execute': ['execute', 'refresh'],
  'integrations.resolveOptions': ['execute', 'refresh'],
  'integrations.resolveProperty': ['execute', 'refresh'],
  'mcpServers.executeCode': ['execute', 'refresh'],
  'mcp.endpoint': ['execute', 'refresh'],
  // The headers that its receiver asks for
  'webhooks.trigger': ['execute', 'refresh'],
  'triggers.enable': ['refresh'],
  // A code is exchanged with the client secret
  'pages.callback': ['refresh'],
}

/** Where several actions may run in one exchange, each on a connection of its own. */
const manyConnections = new Set<ExchangeId>(['mcpServers.executeCode', 'mcp.endpoint'])

/**
 * Why an exchange should not have opened that; undefined if it may.
 *
 * @param before What it has opened before.
 */
function problemOf(
  endpoint: ExchangeId | null,
  opened: Opened,
  before: readonly Opened[],
): string | undefined {
  const allowed = (endpoint && opens[endpoint]) ?? []
  if (!allowed.includes(opened.purpose)) return 'opens nothing for that purpose'
  const { connectionId, field, purpose } = opened
  if (connectionId === null) return undefined
  if (purpose === 'refresh') return field === 'refreshToken' ? undefined : 'needs the refresh token alone'
  const other = before.some(
    (each) => each.purpose === 'execute' && (each.connectionId ?? connectionId) !== connectionId,
  )
  return other && !manyConnections.has(endpoint as ExchangeId) ? 'runs on another connection' : undefined
}

/**
 * What went astray: openings that no exchange should have made (a defect of the mock, or of a handler that goes behind its
 * back), and parameters that the API ignores, so that a list holds more than was asked for.
 */
export interface Strays {
  /** Looks at the parameters that an exchange had in vain. */
  ignore(exchange: { seq: number; endpoint: ExchangeId | null; issues: readonly ValidationIssue[] }): void
  /** Looks at what an exchange opens. */
  look(
    exchange: { seq: number; endpoint: ExchangeId | null; openings: readonly Opened[] },
    opened: Opened,
  ): void
  /** A line each, the first hundred. */
  list(): readonly string[]
}

const most = 100

export function createStrays(): Strays {
  const found: string[] = []
  const tell = (line: string) => {
    if (found.length < most) found.push(line)
  }
  return {
    ignore({ seq, endpoint, issues }) {
      for (const { path, message } of issues)
        tell(`${endpoint} (${seq} in the journal) got ${path}: ${message}`)
    },
    look({ seq, endpoint, openings }, opened) {
      const problem = problemOf(endpoint, opened, openings)
      if (problem === undefined) return
      const { connectionId, field, purpose } = opened
      const whose = connectionId === null ? '' : ` of connection ${connectionId}`
      tell(
        `${endpoint ?? 'A request for nothing'} (${seq} in the journal) opened ${field}${whose} to ${purpose}, but ${problem}: please report it`,
      )
    },
    list: () => found,
  }
}
