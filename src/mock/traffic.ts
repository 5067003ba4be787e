import type { RateWindows } from './rate-limit.js'

/** What has come in so far: part of the state, so that a restored world goes on exactly where this one was. */
export interface Traffic {
  /** How many requests of the API there were: the next request id follows from it. */
  requests: number
  /** Of each API key. */
  readonly keys: RateWindows
  /** Of each address. */
  readonly addresses: RateWindows
}

export const newTraffic = (): Traffic => ({ requests: 0, keys: new Map(), addresses: new Map() })

/** An independent copy. */
export const forkTraffic = ({ requests, keys, addresses }: Traffic): Traffic => ({
  requests,
  keys: new Map(keys),
  addresses: new Map(addresses),
})
