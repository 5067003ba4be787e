import { endpoint } from './endpoint.js'
import { open, openEnum } from './schema.js'

export const health = {
  check: endpoint('health.check', {
    method: 'GET',
    path: '/health',
    auth: 'none',
    summary: 'Tell whether the API is up.',
    responses: { 200: open({ status: openEnum(['healthy']) }) },
    errors: [],
  }),
}
