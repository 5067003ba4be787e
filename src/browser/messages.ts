import type { Env, HostWindow } from './env.js'
import type { Popup } from './popup.js'

/** The type of the one message that the hosted page posts to its opener. */
const resultType = 'weavz-connect-result'
/** A page of the app's own origin rings here when the hosted page sends the user back to it. */
const channelName = 'weavz-connect'
/** Events of the page after which the user may have news: they come back, or the network does. */
const pageEvents = ['focus', 'visibilitychange', 'online']

export interface Expected {
  readonly origins: readonly string[]
  /** The handle of now: reopening replaces it. */
  readonly popup: () => Popup | undefined
  readonly nonce: string
}

/**
 * Whether a message may ring: from an allowed origin, and from the window itself or with this attempt's nonce. What it
 * says is never read; even a genuine "success" is only a reason to poll.
 */
export function accepts(
  event: Pick<MessageEvent, 'origin' | 'source' | 'data'>,
  expected: Expected,
): boolean {
  const { origin, source, data } = event
  const popup: unknown = expected.popup()
  return (
    expected.origins.includes(origin) &&
    data?.type === resultType &&
    ((popup !== undefined && source === popup) || data.nonce === expected.nonce)
  )
}

/**
 * Listens until `over`. `onMessage`: the window spoke. `onPage`: something happened to this page after which the user
 * may have news.
 */
export function listen(
  host: HostWindow,
  expected: Expected,
  over: AbortSignal,
  onMessage: () => void,
  onPage: () => void,
): void {
  const until = { signal: over }
  const message = (event: Event) => {
    if (accepts(event as MessageEvent, expected)) onMessage()
  }
  host.addEventListener('message', message, until)
  for (const type of pageEvents) host.addEventListener(type, onPage, until)
  if (!host.BroadcastChannel) return
  const channel = new host.BroadcastChannel(channelName)
  channel.onmessage = ({ data }) => {
    if (data?.nonce === expected.nonce) onMessage()
  }
  over.addEventListener('abort', () => channel.close())
}

/** Rings for the attempt with that nonce, from a page of the app's own origin. Carries nothing else. */
export function ring({ host }: Env, nonce: string): void {
  if (!host?.BroadcastChannel) return
  const channel = new host.BroadcastChannel(channelName)
  channel.postMessage({ nonce })
  channel.close()
}
