import * as actions from '../../engine/actions.js'
import type { HandlersOf } from '../handler.js'

export const actionsHandlers: HandlersOf<'actions'> = {
  'actions.execute': async (engine, { body }) => ({
    status: 200,
    body: await actions.executeAction(engine, body),
  }),
}
