import * as sample from '../samples.js'
import { id, workspaceId, type Cases } from './case.js'

/** Workspaces, what is configured in them, and API keys. */
export const workspaces = {
  'workspaces.list': {
    call: (weavz) => weavz.workspaces.list({ limit: 20, offset: 0, includeSuspended: false }),
    sends: 'GET /api/v1/workspaces?limit=20&offset=0&includeSuspended=false',
    answers: [200, { workspaces: [sample.workspace], total: 1 }],
  },
  'workspaces.create': {
    call: (weavz) => weavz.workspaces.create({ name: 'Acme', slug: 'acme' }),
    sends: 'POST /api/v1/workspaces',
    body: { name: 'Acme', slug: 'acme' },
    answers: [201, { workspace: sample.workspace }],
  },
  'workspaces.get': {
    call: (weavz) => weavz.workspaces.get(workspaceId),
    sends: `GET /api/v1/workspaces/${workspaceId}`,
    answers: [200, { workspace: sample.workspace }],
  },
  'workspaces.update': {
    call: (weavz) => weavz.workspaces.update(workspaceId, { name: 'Acme Inc.' }),
    sends: `PATCH /api/v1/workspaces/${workspaceId}`,
    body: { name: 'Acme Inc.' },
    answers: [200, { workspace: sample.workspace }],
  },
  'workspaces.delete': {
    call: (weavz) => weavz.workspaces.delete(workspaceId),
    sends: `DELETE /api/v1/workspaces/${workspaceId}`,
    answers: [200, { deleted: true, id: workspaceId }],
  },
  'workspaces.integrations.list': {
    call: (weavz) => weavz.workspaces.integrations.list(workspaceId),
    sends: `GET /api/v1/workspaces/${workspaceId}/integrations`,
    answers: [
      200,
      { integrations: [{ ...sample.workspaceIntegration, connectionStatus: 'ACTIVE' }], total: 1 },
    ],
  },
  'workspaces.integrations.create': {
    call: (weavz) =>
      weavz.workspaces.integrations.create(workspaceId, { integrationName: 'slack', connectionId: id }),
    sends: `POST /api/v1/workspaces/${workspaceId}/integrations`,
    body: { integrationName: 'slack', connectionId: id },
    answers: [201, { integration: sample.workspaceIntegration }],
  },
  'workspaces.integrations.update': {
    call: (weavz) =>
      weavz.workspaces.integrations.update(workspaceId, id, { displayName: null, enabledActions: [] }),
    sends: `PATCH /api/v1/workspaces/${workspaceId}/integrations/${id}`,
    body: { displayName: null, enabledActions: [] },
    answers: [200, { integration: sample.workspaceIntegration }],
  },
  'workspaces.integrations.delete': {
    call: (weavz) => weavz.workspaces.integrations.delete(workspaceId, id),
    sends: `DELETE /api/v1/workspaces/${workspaceId}/integrations/${id}`,
    answers: [200, { deleted: true, id }],
  },
  'apiKeys.list': {
    call: (weavz) => weavz.apiKeys.list(),
    sends: 'GET /api/v1/api-keys',
    answers: [200, { apiKeys: [sample.apiKeyInfo], total: 1 }],
  },
  'apiKeys.create': {
    call: (weavz) => weavz.apiKeys.create({ name: 'CI', expiresAt: null, permissions: { scope: 'org' } }),
    sends: 'POST /api/v1/api-keys',
    body: { name: 'CI', expiresAt: null, permissions: { scope: 'org' } },
    answers: [201, { apiKey: sample.apiKeyInfo, plainKey: 'wvz_new' }],
  },
  'apiKeys.delete': {
    call: (weavz) => weavz.apiKeys.delete(id),
    sends: `DELETE /api/v1/api-keys/${id}`,
    answers: [200, { deleted: true, id }],
  },
} satisfies Cases
