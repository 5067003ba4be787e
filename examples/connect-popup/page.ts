import { WeavzConnectError, openConnect, type ConnectAttempt, type ConnectToken } from '@weavz/sdk/browser'

async function post<T>(path: string): Promise<T> {
  const response = await fetch(path, { method: 'POST' })
  const body = (await response.json()) as T & { error?: string }
  if (!response.ok) throw new Error(body.error ?? response.statusText)
  return body
}

const find = <T extends HTMLElement>(selector: string, within: ParentNode = document) => {
  const element = within.querySelector<T>(selector)
  if (!element) throw new Error(`The page has no ${selector}`)
  return element
}

const question = find<HTMLDialogElement>('dialog')
const log = find('#log')

/** Asks what to do about a window that may be gone, for as long as nobody knows. */
function watch(attempt: ConnectAttempt): void {
  attempt.on('close_suspected', () => question.show())
  attempt.on('close_cleared', () => question.close())
  attempt.on('settled', () => question.close())
  find('#reopen').onclick = () => attempt.reopen()
  find('#cancel').onclick = () => attempt.cancel()
}

/** What the user reads when no connection was made. */
function explain(error: unknown): string {
  if (!(error instanceof WeavzConnectError))
    return error instanceof Error ? error.message : 'Something went wrong'
  switch (error.code) {
    case 'CONNECT_POPUP_BLOCKED':
      return 'The browser allowed no window. Allow it and press the button again.'
    case 'CONNECT_FAILED':
      return error.reason ?? 'It was refused.'
    case 'CONNECT_POPUP_CLOSED':
    case 'CONNECT_ABORTED':
      return 'Not connected.'
    default:
      return error.sessionMayStillComplete ? 'This takes long. You can try again.' : 'That did not work.'
  }
}

for (const row of document.querySelectorAll<HTMLElement>('[data-integration]')) {
  const name = row.dataset['integration'] ?? ''
  const state = find('.state', row)
  find<HTMLButtonElement>('button', row).onclick = async () => {
    // In the click, before any await: the window opens now, and the session is fetched meanwhile.
    const attempt = openConnect(() => post<ConnectToken>(`/connect/${name}`), { key: name })
    watch(attempt)
    state.textContent = 'Connecting…'
    try {
      await attempt.result
      // The back end asks Weavz itself: a page can be made to say anything.
      const { account } = await post<{ account: string }>(`/connected/${name}`)
      state.textContent = `Connected: ${account}`
    } catch (error) {
      state.textContent = explain(error)
    }
  }
}

find('#message').onclick = async () => {
  try {
    const { output } = await post<{ output: { channel: string } }>('/message')
    log.textContent = `Sent to ${output.channel}`
  } catch (error) {
    log.textContent = explain(error)
  }
}
