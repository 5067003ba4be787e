import * as workspaces from '../../engine/workspaces.js'
import type { HandlersOf } from '../handler.js'
import { deleted } from '../handler.js'

export const workspacesHandlers: HandlersOf<'workspaces'> = {
  'workspaces.list': (engine, { query, visible }) => {
    const { items, total } = workspaces.listWorkspaces(engine, query, visible)
    return { status: 200, body: { workspaces: items, total } }
  },
  'workspaces.create': (engine, { body }) => ({
    status: 201,
    body: { workspace: workspaces.createWorkspace(engine, body) },
  }),
  'workspaces.get': (engine, { params }) => ({
    status: 200,
    body: { workspace: workspaces.getWorkspace(engine, params.id) },
  }),
  'workspaces.update': (engine, { params, body }) => ({
    status: 200,
    body: { workspace: workspaces.updateWorkspace(engine, params.id, body) },
  }),
  'workspaces.delete': (engine, { params }) => {
    workspaces.deleteWorkspace(engine, params.id)
    return deleted(params.id)
  },
}
