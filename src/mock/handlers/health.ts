import type { HandlersOf } from '../handler.js'

export const healthHandlers: HandlersOf<'health'> = {
  'health.check': () => ({ status: 200, body: { status: 'healthy' } }),
}
