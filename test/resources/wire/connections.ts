import { connection } from '../../transport/support.js'
import * as sample from '../samples.js'
import { id, workspaceId, type Cases } from './case.js'

const create = {
  type: 'BASIC_AUTH',
  integrationName: 'smtp',
  externalId: 'x',
  displayName: 'X',
  username: 'u',
  password: 'p',
} as const

const token = {
  integrationName: 'slack',
  connectionName: 'My Slack',
  externalId: 'my_slack',
  workspaceId,
  endUserId: 'user_123',
}

/** Connections, how users make them, and those users. */
export const connections = {
  'connections.list': {
    call: (weavz) =>
      weavz.connections.list({ integrationName: 'slack', endUserId: 'user_123', workspaceId: undefined }),
    sends: 'GET /api/v1/connections?integrationName=slack&endUserId=user_123',
    answers: [200, { connections: [connection], total: 1 }],
  },
  'connections.get': {
    call: (weavz) => weavz.connections.get(id),
    sends: `GET /api/v1/connections?id=${id}`,
    answers: [200, { connection }],
  },
  'connections.create': {
    call: (weavz) => weavz.connections.create(create),
    sends: 'POST /api/v1/connections',
    body: create,
    answers: [201, { connection }],
  },
  'connections.delete': {
    call: (weavz) => weavz.connections.delete(id),
    sends: `DELETE /api/v1/connections/${id}`,
    answers: [200, { deleted: true, id }],
  },
  'connections.resolve': {
    call: (weavz) =>
      weavz.connections.resolve({ integrationName: 'slack', workspaceId, endUserId: 'user_123' }),
    sends: 'POST /api/v1/connections/resolve',
    body: { integrationName: 'slack', workspaceId, endUserId: 'user_123' },
    answers: [200, { connection }],
  },
  'connect.createToken': {
    call: (weavz) => weavz.connect.createToken(token),
    sends: 'POST /api/v1/connect/token',
    body: token,
    answers: [200, sample.connectToken],
  },
  'connect.poll': {
    call: (weavz) => weavz.connect.poll('cst_1'),
    sends: 'POST /api/v1/connect/session/poll',
    body: { token: 'cst_1' },
    answers: [200, sample.poll],
  },
  'connect.getSession': {
    call: (weavz) => weavz.connect.getSession(id),
    sends: `GET /api/v1/connect/session/${id}`,
    answers: [200, { session: sample.session }],
  },
  'endUsers.list': {
    call: (weavz) => weavz.endUsers.list({ workspaceId, limit: 5 }),
    sends: `GET /api/v1/end-users?workspaceId=${workspaceId}&limit=5`,
    answers: [200, { endUsers: [sample.endUser], total: 1 }],
  },
  'endUsers.create': {
    call: (weavz) =>
      weavz.endUsers.create({ workspaceId, externalId: 'user_123', metadata: { plan: 'pro' } }),
    sends: 'POST /api/v1/end-users',
    body: { workspaceId, externalId: 'user_123', metadata: { plan: 'pro' } },
    answers: [201, { endUser: sample.endUser }],
  },
  'endUsers.get': {
    call: (weavz) => weavz.endUsers.get(id),
    sends: `GET /api/v1/end-users/${id}`,
    answers: [200, { endUser: sample.endUser, connections: [connection] }],
  },
  'endUsers.update': {
    call: (weavz) => weavz.endUsers.update(id, { email: null }),
    sends: `PATCH /api/v1/end-users/${id}`,
    body: { email: null },
    answers: [200, { endUser: sample.endUser }],
  },
  'endUsers.delete': {
    call: (weavz) => weavz.endUsers.delete(id),
    sends: `DELETE /api/v1/end-users/${id}`,
    answers: [200, { deleted: true, id, connectionsDeleted: 2 }],
  },
  'endUsers.createConnectToken': {
    call: (weavz) => weavz.endUsers.createConnectToken(id, { integrationName: 'slack', expiresIn: 3600 }),
    sends: `POST /api/v1/end-users/${id}/connect-token`,
    body: { integrationName: 'slack', expiresIn: 3600 },
    answers: [200, sample.portal],
  },
  'endUsers.invite': {
    call: (weavz) => weavz.endUsers.invite(id, { email: 'ada@example.com' }),
    sends: `POST /api/v1/end-users/${id}/invite`,
    body: { email: 'ada@example.com' },
    answers: [200, { ...sample.portal, emailSent: true }],
  },
} satisfies Cases
