import {
  RateLimitError,
  WeavzApiError,
  WeavzResponseError,
  checkNames,
  invalidOption,
  isWeavzError,
  type RequestOptions,
  type Runtime,
} from '../transport/index.js'

/** How to wait for something to end. */
export interface WaitOptions extends Omit<RequestOptions, 'maxRetries'> {
  /** Milliseconds between two polls. Default 1000. */
  intervalMs?: number | undefined
  /** Milliseconds to wait in all. Default 120000. */
  timeoutMs?: number | undefined
}

const optionNames: Readonly<Record<keyof WaitOptions, true>> = {
  intervalMs: true,
  timeoutMs: true,
  signal: true,
  timeout: true,
  headers: true,
}

export interface Wait<T> {
  poll: (options: RequestOptions) => Promise<T>
  ended: (state: T) => boolean
  /** The error to throw when the time is over. `cause`: why the last poll failed, if it did. */
  timedOut: (timeoutMs: number, cause: unknown) => Error
  options: WaitOptions
  runtime: Runtime
}

const defaultIntervalMs = 1000
const defaultTimeoutMs = 120_000
/** A poll is a small read: one that hangs longer is given up, so that another may get through. */
const slowestPollMs = 10_000

/**
 * Polls until something has ended. What may pass (no network, 429, 5xx) never ends the waiting before its time; a
 * refusal does when it comes twice in a row, because it will not pass.
 */
export async function pollUntil<T>({ poll, ended, timedOut, options, runtime }: Wait<T>): Promise<T> {
  checkNames('wait', options, optionNames)
  const { intervalMs = defaultIntervalMs, timeoutMs = defaultTimeoutMs, ...requestOptions } = options
  if (!(intervalMs > 0)) throw invalidOption('`intervalMs` must be a number of milliseconds above 0')
  if (!(timeoutMs > 0)) throw invalidOption('`timeoutMs` must be a number of milliseconds above 0')

  const deadline = runtime.now() + timeoutMs
  let refusals = 0
  let failure: unknown
  for (let left = timeoutMs; left > 0; left = deadline - runtime.now()) {
    let pauseMs = intervalMs
    try {
      const timeout = Math.min(left, options.timeout ?? slowestPollMs)
      // This loop is the retry
      const state = await poll({ ...requestOptions, timeout, maxRetries: 0 })
      if (ended(state)) return state
      refusals = 0
      failure = undefined
    } catch (error) {
      refusals = mayPass(error) ? 0 : refusals + 1
      if (refusals > 1 || !isAnswer(error)) throw error
      failure = error
      if (error instanceof RateLimitError) pauseMs = Math.max(intervalMs, error.retryAfterMs ?? 0)
    }
    // The next poll ends at once if the signal aborts meanwhile
    await runtime.sleep(Math.max(0, Math.min(pauseMs, deadline - runtime.now())), options.signal)
  }
  throw timedOut(timeoutMs, failure)
}

function mayPass(error: unknown): boolean {
  if (error instanceof WeavzApiError)
    return error.status >= 500 || error.status === 429 || error.status === 408
  return isWeavzError(error, 'NETWORK_ERROR') || isWeavzError(error, 'TIMEOUT')
}

/** Not an abort, a wrong argument or a defect: those are the caller's, and polling again would change nothing. */
function isAnswer(error: unknown): boolean {
  return mayPass(error) || error instanceof WeavzApiError || error instanceof WeavzResponseError
}
