import { executeAction } from '../../engine/actions.js'
import type { HandlersOf } from '../handler.js'

export const actionsHandlers: HandlersOf<'actions'> = {
  'actions.execute': async (engine, { body, headers, apiKey, baseUrl }) => {
    const header = headers.get('idempotency-key') || headers.get('x-idempotency-key') || undefined
    const call = header === undefined ? body : { ...body, idempotencyKey: body.idempotencyKey ?? header }
    const result = await executeAction(engine, call, {
      source: headers.get('x-weavz-source') === 'sdk' ? 'sdk' : 'rest',
      requestedBy: apiKey && { type: 'api_key', id: apiKey.id },
      baseUrl,
    })
    return 'approval' in result ? { status: 202, body: result } : { status: 200, body: result }
  },
}
