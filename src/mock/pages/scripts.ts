/**
 * The two scripts of the hosted pages, as texts, because the policy of a page names a script by its hash. Neither is
 * needed to connect: they only tell the app's page, where there is one, that it is time to poll.
 */

/**
 * Notes which origin led the user here. The hosted page is not told the app's origin any other way, and what it posts
 * at the end must go to an exact one. The first arrival counts: later ones come from the provider.
 */
export const rememberOpener = `(() => {
  const key = 'weavz-opener-' + document.body.dataset.session
  try {
    const origin = document.referrer && new URL(document.referrer).origin
    if (origin && origin !== location.origin && !sessionStorage.getItem(key)) sessionStorage.setItem(key, origin)
  } catch {}
})()`

/** Posts the result to the opener, once, and to no other origin than the one that led here. */
export const notifyOpener = `(() => {
  const { session, message, origin } = document.body.dataset
  const stored = (name) => { try { return sessionStorage.getItem(name) } catch { return null } }
  const target = origin || stored('weavz-opener-' + session)
  const sent = 'weavz-sent-' + session
  if (!opener) return
  if (target && !stored(sent)) {
    opener.postMessage(JSON.parse(message), target)
    try { sessionStorage.setItem(sent, '1') } catch {}
  }
  const close = document.getElementById('close')
  close.hidden = false
  close.onclick = () => window.close()
})()`
