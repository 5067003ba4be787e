/** Times one vault, or what stands beside it, with values of every size; see lib/apart.ts. */
import { answerTimings, assignment } from '../lib/apart.js'
import { peers, tasksOf } from '../lib/vaults.js'

const { name, plan } = assignment()
const peer = await peers.find((each) => each.name === name)?.make()
await answerTimings(peer && (await tasksOf(name, peer, Object.keys(plan))), plan)
