import type { Attempt } from './attempt.js'
import type { Popup } from './popup.js'

/** The part of a `Window` that this room uses. */
export interface HostWindow {
  open(url: string, name: string, features: string): Popup | null
  close(): void
  addEventListener(type: string, listener: (event: Event) => void, options: { signal: AbortSignal }): void
  readonly location: { assign(url: string): void }
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem'>
  readonly BroadcastChannel?: new (name: string) => Channel
  readonly screenX: number
  readonly screenY: number
  readonly outerWidth: number
  readonly outerHeight: number
}

/** The part of a `BroadcastChannel` that this room uses. */
export interface Channel {
  onmessage: ((event: MessageEvent) => void) | null
  postMessage(message: unknown): void
  close(): void
}

/** Everything outside that an attempt touches; tests put a simulated world here. */
export interface Env {
  now(): number
  /** Uniform in [0, 1): jitter. */
  random(): number
  /** Unguessable: window name and nonce of one attempt. */
  id(): string
  setTimeout(run: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Absent outside a page. */
  readonly host: HostWindow | undefined
  /** Running attempts by key; those without a key are not kept. */
  readonly attempts: Map<string | undefined, Attempt>
}

/** The real world. Nothing is read before it is needed, so that the entry can be imported on a server. */
export const realEnv: Env = {
  now: () => Date.now(),
  random: () => Math.random(),
  // Not randomUUID(), which a page over plain http lacks.
  id: () => crypto.getRandomValues(new Uint32Array(4)).join(''),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as number),
  fetch: (url, init) => fetch(url, init),
  get host() {
    return typeof document === 'undefined' ? undefined : window
  },
  attempts: new Map(),
}
