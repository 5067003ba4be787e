import type { HostWindow } from './env.js'
import type { ConnectSession } from './types.js'

/** What a page has to know of a running attempt to go on with it after a reload or a redirect. */
export interface Pending extends ConnectSession {
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

function write(host: HostWindow, pending: readonly Pending[]): void {
  try {
    host.sessionStorage.setItem(storageKey, JSON.stringify(pending))
  } catch {
    // Without storage an attempt ends with its page; that is all that is lost.
  }
}

export function forget(host: HostWindow, id: string): void {
  write(
    host,
    read(host).filter((pending) => pending.id !== id),
  )
}

export function remember(host: HostWindow, pending: Pending): void {
  forget(host, pending.id)
  write(host, [...read(host), pending])
}

/** The newest attempt that is pending, or the newest with that key. */
export function recall(host: HostWindow, key?: string): Pending | undefined {
  return read(host).findLast((pending) => key === undefined || pending.key === key)
}
