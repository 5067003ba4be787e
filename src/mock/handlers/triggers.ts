import * as triggers from '../../engine/triggers/sources.js'
import type { HandlersOf } from '../handler.js'

export const triggersHandlers: HandlersOf<'triggers'> = {
  'triggers.list': (engine, { query, visible }) => {
    const { items, total } = triggers.listTriggers(engine, query, visible)
    return { status: 200, body: { triggers: items, total } }
  },
  'triggers.enable': async (engine, { body, baseUrl }) => ({
    status: 201,
    body: { triggerSource: await triggers.enableTrigger(engine, body, baseUrl) },
  }),
  'triggers.disable': (engine, { body: { triggerSourceId } }) => {
    triggers.disableTrigger(engine, triggerSourceId)
    return { status: 200, body: { disabled: true, triggerSourceId } }
  },
  'triggers.test': (engine, { body }) => {
    const { sample = null } = triggers.getTrigger(engine, body.integrationName, body.triggerName)
    return { status: 200, body: { sampleData: sample } }
  },
}
