import type { HostWindow } from './env.js'

/** The part of a window's handle that this room uses. Reading most of it throws once another origin is shown. */
export interface Popup {
  readonly closed: boolean
  readonly location: { readonly href: string; replace(url: string): void }
  readonly sessionStorage: { setItem(key: string, value: string): void }
  focus(): void
  close(): void
}

/** A window that `preopen()` opened in the click, for `openConnect(source, { popup })`. */
export interface Preopened {
  /** Undefined when the browser refused to open it; `openConnect` will report that. */
  readonly window: Popup | undefined
  /** Names the window, and the attempt that takes it over. */
  readonly id: string
  /** Closes a window that is not needed after all. */
  close(): void
}

/** Where the opener writes down, in the window's own session storage, which attempt the window belongs to. */
export const markerKey = 'weavz-connect-popup'

/**
 * Opens the window, in the centre of the page's own; undefined when the browser refused. Without `noopener`, which would
 * make the call return null although the window opened. Always blank first, because the token may not be there yet and
 * Safari opens nothing after an `await`.
 */
export function openPopup(
  host: HostWindow,
  id: string,
  size = { width: 500, height: 600 },
): Popup | undefined {
  const { width, height } = size
  const left = host.screenX + (host.outerWidth - width) / 2
  const top = host.screenY + (host.outerHeight - height) / 2
  const features = `width=${width},height=${height},left=${left},top=${top},popup=yes`
  const popup = host.open('about:blank', `weavz-connect-${id}`, features)
  // Some blockers hand out a window that is closed already.
  if (!popup || popup.closed) return undefined
  try {
    popup.sessionStorage.setItem(markerKey, id)
  } catch {
    // Storage is switched off: the app's own page in the window cannot ring, and polling alone has to do.
  }
  return popup
}

/** A look through the handle. `away`: it shows another page than the blank one. */
export function look(popup: Popup): { closed: boolean; away: boolean } {
  const { closed } = popup
  let away = !closed
  try {
    away &&= popup.location.href !== 'about:blank'
  } catch {
    // Another origin is shown.
  }
  return { closed, away }
}
