import { entries } from './entries.mjs'
import { callOverPort, tell } from './scenario.mjs'

export default {
  async fetch(_request, { url, apiKey }) {
    const done = await tell(entries)
    await callOverPort(entries, { url, apiKey, slug: 'worker' })
    return Response.json(done)
  },
}
