import * as apiKeys from '../../engine/api-keys.js'
import { deleted, type HandlersOf } from '../handler.js'

export const apiKeysHandlers: HandlersOf<'apiKeys'> = {
  'apiKeys.list': ({ state }) => {
    const items = Array.from(state.tables.apiKeys.values(), apiKeys.showApiKey)
    return { status: 200, body: { apiKeys: items, total: items.length } }
  },
  'apiKeys.create': (engine, { body }) => {
    const { row, plainKey } = apiKeys.createApiKey(engine, body)
    return { status: 201, body: { apiKey: apiKeys.showApiKey(row), plainKey } }
  },
  'apiKeys.delete': (engine, { params, apiKey }) => {
    apiKeys.deleteApiKey(engine, params.id, apiKey?.id)
    return deleted(params.id)
  },
}
