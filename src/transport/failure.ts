import { errorFrom } from './answer.js'
import type { Call } from './call.js'
import { WeavzAbortError, WeavzNetworkError, WeavzTimeoutError, type WeavzError } from './errors.js'
import type { Outcome } from './exchange.js'
import {
  hintForBaseUrl,
  hintForConnectToken,
  hintForId,
  hintForKey,
  hintForNetwork,
  hintForWorkspace,
} from './hints.js'
import type { Settings } from './options.js'
import { redactorFor, safeCause } from './redact.js'

/** What an attempt that brought no success is for the caller. */
export function failureOf(
  settings: Settings,
  call: Call,
  outcome: Outcome,
  attempts: number,
  retryAfterMs: number | undefined,
): WeavzError {
  const endpoint = call.label
  const redact = redactorFor(typeof settings.apiKey === 'string' ? settings.apiKey : undefined, call.body)
  switch (outcome.kind) {
    case 'unsent':
      return outcome.error
    case 'aborted':
      return abortOf(call, attempts)
    case 'timeout': {
      const message = `${endpoint} took longer than ${call.timeout} ms`
      return new WeavzTimeoutError(message, { code: 'TIMEOUT', endpoint, attempts })
    }
    case 'network': {
      const cause = safeCause(outcome.cause, redact)
      // undici says "fetch failed" and hides why one level below
      const reason = cause.cause instanceof Error ? cause.cause.message : cause.message
      const hint = hintForNetwork(settings.baseUrl, outcome.cause)
      const message = `${endpoint} got no complete answer from ${settings.baseUrl}: ${reason}`
      return new WeavzNetworkError(message, { code: 'NETWORK_ERROR', endpoint, attempts, cause, hint })
    }
    case 'answer': {
      const hint = (status: number) => hintFor(settings, call, status)
      return errorFrom(outcome, { endpoint, attempts, retryAfterMs, redact, hint })
    }
  }
}

/** The caller's own reason stays what it is, be it a time-out of theirs. */
export function abortOf(call: Call, attempts: number): WeavzAbortError {
  const { label: endpoint, signal } = call
  const options = { code: 'ABORTED', endpoint, attempts, cause: signal?.reason } as const
  return new WeavzAbortError(`${endpoint} was aborted`, options)
}

function hintFor(settings: Settings, call: Call, status: number): string | undefined {
  if (status === 401 && call.endpoint?.auth === 'none') return hintForConnectToken(call.body)
  if (status === 401 && typeof settings.apiKey !== 'function') return hintForKey(settings.apiKey)
  if (status !== 404) return undefined
  const { endpoint, ids, body, url } = call
  return hintForBaseUrl(settings.baseUrl) ?? hintForId(endpoint?.id ?? '', ids) ?? hintForWorkspace(body, url)
}
