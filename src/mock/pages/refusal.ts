import { html } from 'hono/html'
import { Refusal } from '../../engine/refusal.js'
import { render } from './page.js'

/** The page for a request that is refused; anything else is a defect and goes on. */
export function showRefusal(error: Error): Promise<Response> {
  if (!(error instanceof Refusal)) throw error
  return render({
    title: 'That did not work',
    status: error.status,
    body: html`<h1>That did not work</h1>
      <p class="note" role="alert">${error.message}</p>
      <p class="muted">Go back to the app and start again.</p>`,
  })
}
