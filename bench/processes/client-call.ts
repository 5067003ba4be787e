/** Times the two calls of one client over a `fetch` that answers from memory; see lib/apart.ts. */
import { answerTimings, assignment } from '../lib/apart.js'
import { contestants, tasksOf } from '../lib/clients.js'
import { cannedFetch } from '../lib/exchange.js'

const { name, plan } = assignment()
const contestant = contestants.find((each) => each.name === name)
const client = await contestant?.connect({ baseUrl: 'http://127.0.0.1:9', fetch: cannedFetch })
await answerTimings(client && (await tasksOf(name, client)), plan)
