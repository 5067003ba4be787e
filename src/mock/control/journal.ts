import * as z from 'zod/mini'
import { NumberParam } from '../../contract/schema.js'
import { exchangeIds } from '../exchanges.js'
import { parseQuery } from '../parse.js'
import type { ControlCall } from './route.js'

const whole = z.optional(NumberParam.check(z.int(), z.minimum(0)))

const Query = z.strictObject({
  /** `actions.execute`, `webhooks.trigger` */
  endpoint: z.optional(z.enum(exchangeIds)),
  /** Status of the answer. */
  status: whole,
  /** Those after that `seq`. */
  after: whole,
  /** The last so many. Default: all that are kept. */
  limit: whole,
})

/** `GET /_weavz/journal`: what `weavz.journal` holds. `count` is of all exchanges there ever were. */
export function readJournal({ weavz: { journal }, query }: ControlCall) {
  const { endpoint, status, after = 0, limit = Infinity } = parseQuery(Query, query) as z.infer<typeof Query>
  const entries = journal
    .list()
    .filter(
      (entry) =>
        entry.seq > after &&
        (endpoint === undefined || entry.endpoint === endpoint) &&
        (status === undefined || entry.response?.status === status),
    )
  return {
    count: journal.count,
    dropped: journal.dropped,
    entries: entries.slice(Math.max(0, entries.length - limit)),
  }
}
