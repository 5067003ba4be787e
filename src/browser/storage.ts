import type { HostWindow } from './env.js'
import type { ConnectToken } from './types.js'

/** What a page has to know of a running attempt to go on with it after a reload or a redirect. */
export interface Pending extends ConnectToken {
  readonly id: string
  readonly key?: string | undefined
}

const storageKey = 'weavz-connect'

/** The pending attempts of this tab, oldest first; none where storage is switched off or holds something else. */
function read(host: HostWindow): Pending[] {
  try {
    const stored: unknown = JSON.parse(host.sessionStorage.getItem(storageKey) ?? '[]')
    return Array.isArray(stored) ? stored : []
  } catch {
    return []
  }
}

/** Puts the attempt with that id in, or takes it out. */
export function store(host: HostWindow, id: string, ...pending: readonly Pending[]): void {
  const others = read(host).filter((other) => other.id !== id)
  try {
    host.sessionStorage.setItem(storageKey, JSON.stringify([...others, ...pending]))
  } catch {
    // Without storage an attempt ends with its page; that is all that is lost.
  }
}

/** The newest attempt that is pending, or the newest with that key. */
export function recall(host: HostWindow, key?: string): Pending | undefined {
  return read(host).findLast((pending) => key === undefined || pending.key === key)
}
