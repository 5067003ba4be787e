import * as z from 'zod/mini'

const Id = z.string().check(z.minLength(1))
const nullable = <T extends z.core.SomeType>(schema: T) => z._default(z.nullable(schema), null)
const listOf = <T extends z.core.SomeType>(schema: T) => z._default(z.array(schema), [])
const epoch = '1970-01-01T00:00:00.000Z'

/**
 * A plain description of a world. Its lists take the API's own objects as they come (`workspaces.list()`,
 * `connections.list()`, …); fields that do not matter here are dropped, credentials above all. What is left out has
 * the API's default.
 */
export const WorldDescription = z.object({
  /** The catalog. `auth: null` means that the integration needs no account; left out, it needs one. */
  integrations: listOf(z.object({ name: Id, auth: z._default(z.unknown(), true) })),
  workspaces: listOf(z.object({ id: Id })),
  workspaceIntegrations: listOf(
    z.object({
      id: Id,
      workspaceId: Id,
      integrationName: Id,
      /** Default: `integrationName`. */
      alias: z.optional(Id),
      /** Default: `fixed`. */
      connectionStrategy: z._default(z.enum(['fixed', 'per_user', 'per_user_with_fallback']), 'fixed'),
      /** `connection.id` of the pinned connection. It may name nothing: that is a deleted connection. */
      connectionId: nullable(Id),
      authMethodKey: nullable(Id),
      /** Null, the default, allows every action. */
      enabledActions: nullable(z.array(z.string())),
      settings: z._default(z.unknown(), {}),
    }),
  ),
  endUsers: listOf(
    z.object({
      /** Weavz UUID. */
      id: Id,
      workspaceId: Id,
      /** The application's own user id; null only for members invited in the dashboard. */
      externalId: nullable(Id),
    }),
  ),
  connections: listOf(
    z.object({
      /** Weavz UUID. */
      id: Id,
      integrationName: Id,
      externalId: Id,
      /** Default: `USER` with `endUserId`, else `WORKSPACE` with `workspaceId`, else `ORGANIZATION`. */
      scope: z.optional(z.enum(['ORGANIZATION', 'WORKSPACE', 'USER'])),
      status: z._default(z.enum(['ACTIVE', 'ERROR']), 'ACTIVE'),
      workspaceId: nullable(Id),
      /** External id of the owner. */
      endUserId: nullable(Id),
      authMethodKey: nullable(Id),
      /** ISO 8601. Default: the epoch. */
      updatedAt: z._default(z.iso.datetime({ offset: true }), epoch),
    }),
  ),
})
/** What `describeWorld()` takes. */
export interface WorldDescription extends z.input<typeof WorldDescription> {}
export type ParsedDescription = z.output<typeof WorldDescription>

/** One mistake in a description: `connections[2].workspaceId`, and what is wrong with it. */
export interface DescriptionIssue {
  readonly path: string
  readonly message: string
}

/** A world description that cannot be: a field of the wrong kind, a reference to nothing, a duplicate. */
export class WorldDescriptionError extends Error {
  override readonly name = 'WorldDescriptionError'
  readonly issues: readonly DescriptionIssue[]

  constructor(issues: readonly DescriptionIssue[]) {
    super(`The world cannot be: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`)
    this.issues = issues
  }
}

/** Checks the form of a description and fills in the defaults. Throws `WorldDescriptionError`. */
export function parseDescription(description: WorldDescription): ParsedDescription {
  const result = z.safeParse(WorldDescription, description, { error: expectation })
  if (result.success) return result.data
  throw new WorldDescriptionError(
    result.error.issues.map(({ path, message }) => ({ path: dotted(path) || 'world', message })),
  )
}

/** zod/mini ships no messages. The value itself is not repeated: it may be a secret in the wrong place. */
function expectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return `expected ${issue.format === 'datetime' ? 'an ISO 8601 date and time' : issue.format}`
    case 'too_small':
      return 'must not be empty'
    default:
      return 'is not valid'
  }
}

function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('')
}
