import type { Channel, Env, HostWindow } from '../../src/browser/env.js'
import type { Popup } from '../../src/browser/popup.js'
import type { ConnectToken, PolledSession } from '../../src/browser/types.js'

/** Which pages cut the opener's handle off, as `Cross-Origin-Opener-Policy` does. */
export interface Cuts {
  readonly app: boolean
  readonly hosted: boolean
  readonly provider: boolean
}

/** A window as it really is, and the handle that the opener holds. */
export class SimWindow {
  page: 'blank' | 'loading' | 'error' | 'hosted' | 'provider' | 'done' = 'blank'
  open = true
  cut = false
  marker: string | undefined
  url = ''
  readonly handle: Popup

  constructor(
    private readonly world: World,
    readonly name: string,
  ) {
    const isBlank = () => this.page === 'blank' || this.page === 'loading'
    const shown = {
      get href(): string {
        if (!isBlank()) throw new DOMException('Blocked a frame', 'SecurityError')
        return 'about:blank'
      },
      replace: (url: string) => this.load(url),
    }
    const isClosed = () => this.cut || !this.open
    this.handle = {
      get closed() {
        return isClosed()
      },
      location: shown,
      sessionStorage: { setItem: (_key, value) => void (this.marker = value) },
      focus: () => undefined,
      close: () => {
        if (!this.cut) this.open = false
      },
    }
  }

  get session(): SimSession | undefined {
    return this.world.sessions.find(({ connectUrl }) => connectUrl === this.url)
  }

  load(url: string): void {
    if (this.cut || !this.open) return
    this.url = url
    this.page = 'loading'
    this.world.after(50, () => this.show(this.world.offline ? 'error' : 'hosted'))
  }

  /** The user presses reload after the browser's error page. */
  reload(): void {
    if (this.page === 'error' && !this.world.offline) this.show('hosted')
  }

  show(page: 'error' | 'hosted' | 'provider' | 'done'): void {
    if (!this.open) return
    this.page = page
    const { app, hosted, provider } = this.world.cuts
    const cuts = app || (page === 'provider' ? provider : page !== 'error' && hosted)
    // For a moment a handle that is being cut off shows the new page, open.
    if (cuts) this.world.after(20, () => void (this.cut = true))
  }
}

export interface SimSession extends ConnectToken, PolledSession {
  status: string
  connectionId: string | null
  error: string | null
}

interface Timer {
  readonly at: number
  readonly run: () => void
  /** Set by the code under test: has to be gone when it is done. */
  readonly ours: boolean
}

/** A page, its windows, Weavz, the network and the time, all simulated. */
export class World {
  clock = 1_000_000
  offline = false
  blocked = false
  /** Answers every poll with this status instead. */
  outage: number | undefined
  retryAfter: string | null = null
  latencyMs = 10
  polls = 0
  inFlight = 0
  mostInFlight = 0
  readonly sessions: SimSession[] = []
  readonly windows: SimWindow[] = []
  readonly listeners = new Set<{ type: string; listener: (event: Event) => void }>()
  readonly channels = new Set<Channel>()
  readonly storage = new Map<string, string>()
  readonly visited: string[] = []
  readonly env: Env
  closedItself = false
  #timers = new Map<number, Timer>()
  #ids = 0
  #seed = 1

  constructor(readonly cuts: Cuts = { app: false, hosted: false, provider: false }) {
    const host = this.#host()
    this.env = {
      now: () => this.clock,
      random: () => (this.#seed = (this.#seed * 16807) % 2147483647) / 2147483647,
      id: () => `id-${++this.#ids}`,
      setTimeout: (run, ms) => this.after(ms, run, true),
      clearTimeout: (timer) => void this.#timers.delete(timer as number),
      fetch: (url, init) => this.#fetch(url, init),
      host,
      attempts: new Map(),
    }
  }

  get ourTimers(): number {
    return [...this.#timers.values()].filter(({ ours }) => ours).length
  }

  get openWindows(): SimWindow[] {
    return this.windows.filter(({ open }) => open)
  }

  createSession(): SimSession {
    const token = `cst_${this.sessions.length}`
    const session: SimSession = {
      token,
      connectUrl: `https://hosted.test/connect?token=${token}`,
      status: 'PENDING',
      connectionId: null,
      integrationName: 'slack',
      externalId: 'my_slack',
      error: null,
    }
    this.sessions.push(session)
    return session
  }

  complete(session: SimSession): void {
    session.status = 'COMPLETED'
    session.connectionId = `connection-of-${session.token}`
  }

  after(ms: number, run: () => void, ours = false): number {
    const id = ++this.#ids
    this.#timers.set(id, { at: this.clock + ms, run, ours })
    return id
  }

  /** Lets time pass, one timer after the other, and promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.clock + ms
    await settle()
    for (;;) {
      const [next] = [...this.#timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)
      if (!next) break
      this.#timers.delete(next[0])
      this.clock = Math.max(this.clock, next[1].at)
      next[1].run()
      await settle()
    }
    this.clock = end
  }

  emit(type: string, data: object = {}): void {
    for (const entry of [...this.listeners]) {
      if (entry.type === type) entry.listener(Object.assign(new Event(type), data))
    }
  }

  #host(): HostWindow {
    const { channels, storage } = this
    return {
      open: (_url, name) => {
        if (this.blocked) return null
        const opened = new SimWindow(this, name)
        this.windows.push(opened)
        return opened.handle
      },
      close: () => void (this.closedItself = true),
      addEventListener: (type, listener, { signal }) => {
        const entry = { type, listener }
        this.listeners.add(entry)
        signal.addEventListener('abort', () => this.listeners.delete(entry))
      },
      location: { assign: (url) => void this.visited.push(url) },
      sessionStorage: {
        getItem: (key) => storage.get(key) ?? null,
        setItem: (key, value) => void storage.set(key, value),
      },
      BroadcastChannel: class implements Channel {
        onmessage: Channel['onmessage'] = null
        constructor(readonly name: string) {
          channels.add(this)
        }
        postMessage(data: unknown): void {
          for (const channel of channels) {
            if (channel !== this) channel.onmessage?.(new MessageEvent('message', { data }))
          }
        }
        close(): void {
          channels.delete(this)
        }
      },
      screenX: 0,
      screenY: 0,
      outerWidth: 1000,
      outerHeight: 800,
    }
  }

  #fetch(url: string, { body, signal }: RequestInit): Promise<Response> {
    this.polls++
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight)
    return new Promise<Response>((resolve, reject) => {
      const session = this.sessions.find(({ token }) => String(body).includes(`"${token}"`))
      const answer = { ...session }
      const status = this.outage ?? (session && url.endsWith('/api/v1/connect/session/poll') ? 200 : 401)
      const failed = this.offline
      signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')))
      this.after(this.latencyMs, () => {
        if (failed) reject(new TypeError('Failed to fetch'))
        else {
          const headers = new Headers(this.retryAfter === null ? {} : { 'Retry-After': this.retryAfter })
          const response: Pick<Response, 'ok' | 'status' | 'headers' | 'json'> = {
            ok: status < 400,
            status,
            headers,
            json: () => Promise.resolve(answer),
          }
          resolve(response as Response)
        }
      })
    }).finally(() => this.inFlight--)
  }
}

/** Lets every promise that can settle do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
