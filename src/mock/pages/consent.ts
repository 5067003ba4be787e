import type { Hono } from 'hono'
import { html } from 'hono/html'
import { authorizePath, decidePath, type AuthorizationServer, type Consent } from '../provider/index.js'
import { createAuthorizationPages } from './authorization.js'
import type { Page } from './page.js'

/**
 * The pages of the built-in provider: where its users allow an app to use their accounts.
 *
 * @param baseUrl Where users see the pages, if that is another origin than the one of the request.
 */
export function createConsentPages(provider: AuthorizationServer, coop?: string, baseUrl?: string): Hono {
  const pages = {
    paths: { authorize: authorizePath, decide: decidePath },
    look: 'provider',
    authorize: provider.authorize,
    waiting: provider.consent,
    ask,
    decide: ({ requestId }, decision) => provider.decide(requestId, decision),
  } as const satisfies Parameters<typeof createAuthorizationPages>[0]
  return createAuthorizationPages(pages, coop, baseUrl)
}

function ask({ requestId, client, scopes }: Consent): Page {
  return {
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
  }
}
