import { realEnv } from '../browser/env.js'
import type { ConnectResult, ConnectSource, OpenOptions } from '../browser/index.js'
import { openPopup, type Preopened } from '../browser/popup.js'
import { checkNames } from '../transport/index.js'

/** The window, opened at once: browsers allow that in a click only, and nothing may be awaited before. */
function openNow(size: OpenOptions['size']): Preopened {
  const { host } = realEnv
  const id = realEnv.id()
  const window = host && openPopup(host, id, size)
  return { id, window, close: () => window?.close() }
}

/**
 * `openConnect` for the full client. The rest of the helper is loaded when the window is open already: a fifth of what a
 * page would load of this client, and of no use to a server.
 */
export async function connectInPopup(
  source: ConnectSource,
  options: OpenOptions = {},
): Promise<ConnectResult> {
  const popup = options.popup ?? openNow(options.size)
  try {
    const { openConnect, openOptionNames } = await import('./popup-late.js')
    checkNames('connect.popup', options, openOptionNames)
    return await openConnect(source, { ...options, popup }).result
  } catch (error) {
    // A bad argument was thrown before anything could take the window over. An attempt that failed has left it open
    // where the user may still finish in it.
    if (!(error as { sessionMayStillComplete?: boolean }).sessionMayStillComplete) popup.close()
    throw error
  }
}
