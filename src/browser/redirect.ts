import { startAttempt } from './attempt.js'
import { requireHost } from './connect.js'
import type { Env } from './env.js'
import { ring } from './messages.js'
import { markerKey } from './popup.js'
import { checkSession, obtainSession } from './session.js'
import { recall, store } from './storage.js'
import type { ConnectAttempt, ConnectSource, ResumeOptions } from './types.js'

export async function leave(env: Env, source: ConnectSource, options: { key?: string } = {}): Promise<void> {
  const host = requireHost(env)
  const session = await obtainSession(source)
  const id = env.id()
  store(host, id, { ...session, key: options.key ?? session.token, id })
  host.location.assign(session.connectUrl)
}

export function comeBack(env: Env, options: ResumeOptions = {}): ConnectAttempt | null {
  const host = requireHost(env)
  let nonce: string | null = null
  try {
    nonce = host.sessionStorage.getItem(markerKey)
  } catch {
    // Storage is switched off: nothing was remembered either.
  }
  if (nonce !== null) {
    // This page is what the connect window shows at the end; the attempt runs in the page that opened it.
    ring(env, nonce)
    host.close()
    return null
  }
  const pending = recall(host, options.key)
  if (!pending) return null
  const running = env.attempts.get(pending.key)
  if (running) return running
  const { id, key, token, connectUrl } = pending
  return startAttempt(
    env,
    id,
    { ...options, key },
    { session: checkSession({ token, connectUrl }), handle: 'gone' },
  )
}
