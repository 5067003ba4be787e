/** Times one way to answer an offline call; see lib/apart.ts. */
import { answerTimings, assignment } from '../lib/apart.js'
import { offlineCalls } from '../lib/offline-calls.js'

const { name, plan } = assignment()
const task = await offlineCalls[name]?.()
await answerTimings(task && { POST: task }, plan)
