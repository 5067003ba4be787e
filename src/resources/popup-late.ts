/** What `connect.popup` needs once its window is open, and loads then. It imports nothing of the client. */
import type { OpenOptions } from '../browser/index.js'

export { openConnect } from '../browser/index.js'

export const openOptionNames: Readonly<Record<keyof OpenOptions, true>> = {
  baseUrl: true,
  poll: true,
  signal: true,
  timeoutMs: true,
  timing: true,
  key: true,
  allowedOrigins: true,
  size: true,
  concurrency: true,
  onBlocked: true,
  popup: true,
}
