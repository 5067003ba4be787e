import * as connect from '../../engine/connect.js'
import type { HandlersOf } from '../handler.js'

export const connectHandlers: HandlersOf<'connect'> = {
  'connect.createToken': (engine, { body, baseUrl }) => ({
    status: 200,
    body: connect.createConnectToken(engine, body, baseUrl),
  }),
  'connect.poll': (engine, { body }) => ({ status: 200, body: connect.pollSession(engine, body.token) }),
  'connect.getSession': (engine, { params }) => ({
    status: 200,
    body: { session: connect.getSession(engine, params.sessionId) },
  }),
}
