import * as workspaceIntegrations from '../../engine/workspace-integrations.js'
import type { HandlersOf } from '../handler.js'
import { deleted } from '../handler.js'

export const workspaceIntegrationsHandlers: HandlersOf<'workspaces.integrations'> = {
  'workspaces.integrations.list': (engine, { params }) => {
    const items = workspaceIntegrations.listWorkspaceIntegrations(engine, params.workspaceId)
    return { status: 200, body: { integrations: items, total: items.length } }
  },
  'workspaces.integrations.create': (engine, { params, body }) => ({
    status: 201,
    body: {
      integration: workspaceIntegrations.createWorkspaceIntegration(engine, params.workspaceId, body),
    },
  }),
  'workspaces.integrations.update': (engine, { params: { workspaceId, id }, body }) => ({
    status: 200,
    body: {
      integration: workspaceIntegrations.updateWorkspaceIntegration(engine, workspaceId, id, body),
    },
  }),
  'workspaces.integrations.delete': (engine, { params: { workspaceId, id } }) => {
    workspaceIntegrations.deleteWorkspaceIntegration(engine, workspaceId, id)
    return deleted(id)
  },
}
