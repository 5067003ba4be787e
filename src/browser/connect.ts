import { startAttempt } from './attempt.js'
import type { Env, HostWindow } from './env.js'
import { WeavzConnectError } from './errors.js'
import { openPopup, type Preopened } from './popup.js'
import { checkSession, refuseSecret } from './session.js'
import type {
  ConnectAttempt,
  ConnectResult,
  ConnectSource,
  OpenOptions,
  ResumeOptions,
  WaitOptions,
} from './types.js'

export function requireHost({ host }: Env): HostWindow {
  if (!host) throw new WeavzConnectError({ code: 'CONNECT_UNSUPPORTED_ENVIRONMENT' })
  return host
}

export function open(env: Env, given: ConnectSource, options: OpenOptions = {}): ConnectAttempt {
  requireHost(env)
  const source = typeof given === 'function' ? given : checkSession(given)
  const key = options.key ?? (typeof source === 'function' ? undefined : source.token)
  const { popup, concurrency = 'join' } = options
  const earlier = env.attempts.get(key)
  if (earlier && concurrency === 'join') {
    popup?.close()
    // This is a click: if the window is gone, the browser lets us open it again now.
    earlier.reopen()
    return earlier
  }
  if (concurrency === 'replace') earlier?.supersede()
  return startAttempt(env, popup?.id ?? env.id(), { ...options, key }, { source })
}

export function preopenIn(env: Env, options: Pick<ResumeOptions, 'size'> = {}): Preopened {
  const id = env.id()
  const window = openPopup(requireHost(env), id, options.size)
  return { id, window, close: () => window?.close() }
}

export async function wait(env: Env, token: string, options?: WaitOptions): Promise<ConnectResult> {
  refuseSecret(token)
  return startAttempt(env, env.id(), { ...options }, { session: { token }, handle: 'none' }).result
}
