import type { Api, Open } from './door.js'
import { makeWorkspace } from './world.js'

/** A workspace in which something is to be configured. */
export async function withIntegrations(open: Open) {
  const api = await open()
  const { id: workspaceId } = await makeWorkspace(api)
  return { api, workspaceId, params: { workspaceId } }
}

export async function refuseToCreate(api: Api, workspaceId: string, body: Record<string, unknown>) {
  return api.refused('workspaces.integrations.create', 'VALIDATION_ERROR', { params: { workspaceId }, body })
}
