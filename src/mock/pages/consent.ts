import { Hono, type Context } from 'hono'
import { html } from 'hono/html'
import { authorizePath, issuerPath, type AuthorizationServer, type Consent } from '../provider/index.js'
import { ownForm } from './own-form.js'
import { render, seeOther } from './page.js'
import { recent } from './recent.js'
import { showRefusal } from './refusal.js'

const decidePath = `${issuerPath}/decide`

/**
 * Wherever OAuth clients may live. Chromium holds every redirect that follows a form to `form-action`, the client's own
 * next step included (w3c/webappsec-csp#8), and of that an authorization server knows nothing.
 */
const clientTargets = ['https:', 'http://localhost:*', 'http://*.localhost:*', 'http://127.0.0.1:*'] as const

/**
 * The pages of an authorization server: where its users say yes or no.
 *
 * @param baseUrl Where users see the pages, if that is another origin than the one of the request.
 */
export function createConsentPages(provider: AuthorizationServer, coop?: string, baseUrl?: string): Hono {
  const app = new Hono()
  /** Where a decision led, so that a second click on "Allow" leads to the same place. */
  const decided = recent<string>()
  const baseOf = ({ req }: Context) => baseUrl ?? new URL(req.url).origin

  app.get(authorizePath, (context) => {
    const answer = provider.authorize(new URL(context.req.url).searchParams, baseOf(context))
    if (answer.kind === 'redirect') return seeOther(answer.url, coop)
    return answer.kind === 'consent' ? ask(answer, coop) : refuse(answer.description, coop)
  })

  app.post(decidePath, async (context) => {
    const form = await ownForm(context.req.raw, baseUrl)
    const requestId = form.get('request') ?? ''
    const decision = form.get('decision')
    const waiting = provider.consent(requestId)
    if (waiting && decision !== 'approve' && decision !== 'deny') return ask(waiting, coop)
    const url =
      provider.decide(requestId, decision === 'approve' ? 'approve' : 'deny') ?? decided.get(requestId)
    if (url === undefined) return refuse('The request is unknown, answered or too old', coop)
    decided.set(requestId, url)
    return seeOther(url, coop)
  })
  app.onError(showRefusal)
  return app
}

function ask({ requestId, client, scopes }: Consent, coop: string | undefined): Promise<Response> {
  return render({
    title: `Allow access to ${client.name}?`,
    look: 'provider',
    body: html`<p class="small muted">${client.name} sign-in, played by the offline Weavz</p>
      <h1>Allow access to ${client.name}?</h1>
      <p>An app wants to use your ${client.name} account${scopes.length > 0 ? ' and asks for:' : '.'}</p>
      ${
        scopes.length > 0
          ? html`<ul class="scopes">
              ${scopes.map((scope) => html`<li>${scope}</li>`)}
            </ul>`
          : ''
      }
      <form method="post" action="${decidePath}">
        <input type="hidden" name="request" value="${requestId}" />
        <div class="buttons">
          <button class="primary" name="decision" value="approve">Allow</button>
          <button name="decision" value="deny">Deny</button>
        </div>
      </form>`,
    formTargets: clientTargets,
    coop,
  })
}

/** The user is told and nobody else: who asked so cannot be trusted with a redirect (RFC 6749 §4.1.2.1). */
function refuse(description: string, coop: string | undefined): Promise<Response> {
  return render({
    title: 'This request is not valid',
    status: 400,
    look: 'provider',
    body: html`<h1>This request is not valid</h1>
      <p class="note" role="alert">${description}.</p>
      <p class="muted">Go back to the app and start again.</p>`,
    coop,
  })
}
