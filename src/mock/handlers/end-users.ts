import * as endUsers from '../../engine/end-users.js'
import type { HandlersOf } from '../handler.js'

export const endUsersHandlers: HandlersOf<'endUsers'> = {
  'endUsers.list': (engine, { query }) => {
    const { items, total } = endUsers.listEndUsers(engine, query)
    return { status: 200, body: { endUsers: items, total } }
  },
  'endUsers.create': (engine, { body }) => ({
    status: 201,
    body: { endUser: endUsers.createEndUser(engine, body) },
  }),
  'endUsers.get': (engine, { params }) => ({ status: 200, body: endUsers.getEndUser(engine, params.id) }),
  'endUsers.update': (engine, { params, body }) => ({
    status: 200,
    body: { endUser: endUsers.updateEndUser(engine, params.id, body) },
  }),
  'endUsers.delete': (engine, { params: { id } }) => {
    const connectionsDeleted = endUsers.deleteEndUser(engine, id)
    return { status: 200, body: { deleted: true, id, connectionsDeleted } }
  },
  'endUsers.createConnectToken': (engine, { params, body, baseUrl }) => ({
    status: 200,
    body: endUsers.createPortalToken(engine, params.id, body, baseUrl),
  }),
  'endUsers.invite': (engine, { params, body: { email: _email, ...portal }, baseUrl }) => ({
    status: 200,
    // There is no mail provider offline, so that every mail counts as accepted.
    body: { ...endUsers.createPortalToken(engine, params.id, portal, baseUrl), emailSent: true },
  }),
}
