import * as partials from '../../engine/partials.js'
import { deleted, type HandlersOf } from '../handler.js'

export const partialsHandlers: HandlersOf<'partials'> = {
  'partials.list': (engine, { query }) => {
    const items = partials.listPartials(engine, query)
    return { status: 200, body: { partials: items, total: items.length } }
  },
  'partials.create': (engine, { body }) => ({
    status: 201,
    body: { partial: partials.createPartial(engine, body) },
  }),
  'partials.get': (engine, { params }) => ({
    status: 200,
    body: { partial: partials.getPartial(engine, params.id) },
  }),
  'partials.update': (engine, { params, body }) => ({
    status: 200,
    body: { partial: partials.updatePartial(engine, params.id, body) },
  }),
  'partials.delete': (engine, { params }) => {
    partials.deletePartial(engine, params.id)
    return deleted(params.id)
  },
  'partials.setDefault': (engine, { params, body }) => ({
    status: 200,
    body: { partial: partials.setDefaultPartial(engine, params.id, body.isDefault) },
  }),
}
