import { entries } from './entries.mjs'
import { callOverPort, tell } from './scenario.mjs'

export default {
  /** What `workerd test` runs. */
  async test(_controller, { url, apiKey }) {
    const done = await tell(entries)
    await callOverPort(entries, { url, apiKey, slug: 'worker' })
    console.log(JSON.stringify(done))
  },
}
