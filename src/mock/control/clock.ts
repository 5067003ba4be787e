import * as z from 'zod/mini'
import { timestamp } from '../../engine/clock.js'
import type { Duration } from '../../engine/duration.js'
import { invalid } from '../../engine/refusal.js'
import { readJson } from '../body.js'
import { parseBody } from '../parse.js'
import type { ControlCall } from './route.js'

const moment = z.union([z.string(), z.number()])

const Body = z.strictObject({
  /** Stops it: now, or at that time (ISO 8601, or milliseconds since the epoch). */
  freeze: z.optional(z.union([z.literal(true), moment])),
  resume: z.optional(z.literal(true)),
  set: z.optional(moment),
  /** `4h`, `1h30m`, or milliseconds. */
  advance: z.optional(z.union([z.string(), z.number()])),
})

/** `GET /_weavz/clock` */
export function clockState({ weavz: { clock } }: Pick<ControlCall, 'weavz'>) {
  return { now: timestamp(clock.now()), frozen: clock.frozen }
}

/** `POST /_weavz/clock`: one move. Answers once whoever had slept until then has been woken. */
export async function moveClock({ weavz, request }: ControlCall) {
  const { clock } = weavz
  const body = parseBody(Body, await readJson(request), true) as z.infer<typeof Body>
  const [move, ...others] = Object.keys(body)
  if (move === undefined || others.length > 0) {
    throw invalid('body', `Expected one of ${Object.keys(Body.def.shape).join(', ')}`)
  }
  try {
    if (body.freeze !== undefined) clock.freeze(body.freeze === true ? undefined : body.freeze)
    if (body.resume) clock.resume()
    if (body.set !== undefined) await clock.set(body.set)
    if (body.advance !== undefined) await clock.advance(body.advance as Duration)
  } catch (error) {
    if (error instanceof TypeError) throw invalid(`body.${move}`, error.message)
    throw error
  }
  return clockState({ weavz })
}
