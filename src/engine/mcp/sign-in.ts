import { parse } from '../../contract/issues.js'
import { ExternalId } from '../../contract/schema.js'
import { ensureEndUser } from '../end-users.js'
import type { Engine } from '../engine.js'
import { Refusal, invalid } from '../refusal.js'
import type { EndUserRow, McpServerRow } from '../rows.js'

/**
 * The end user who signs in at a server. An open one gets to know new people that way; a restricted one knows the end
 * users of its workspace; one that is bound to an end user, that one alone.
 *
 * @param externalId Who it is, as the app would say it.
 * @throws Refusal 400 `VALIDATION_ERROR` if that can be no external id; 403 `FORBIDDEN` if they may not sign in here.
 */
export function signInEndUser(engine: Engine, server: McpServerRow, externalId: string): EndUserRow {
  const { workspaceId, endUserAccess, endUserId } = server
  const parsed = parse(ExternalId, externalId)
  if (!parsed.ok) throw invalid('externalId', parsed.issues[0]?.message ?? 'Unexpected text')
  if (endUserId !== null && externalId !== endUserId) {
    throw new Refusal('FORBIDDEN', 'This server is for one end user, who is somebody else')
  }
  if (endUserAccess === 'open') return ensureEndUser(engine, workspaceId, externalId)
  const endUser = engine.state.endUser(workspaceId, externalId)
  if (!endUser) throw new Refusal('FORBIDDEN', 'Only end users of the workspace can sign in to this server')
  return endUser
}
