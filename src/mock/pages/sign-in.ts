import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { Engine } from '../../engine/engine.js'
import type { Refusal } from '../../engine/refusal.js'
import { authorizePath, decidePath } from '../sign-in/paths.js'
import type { SignIn, SignInRequest } from '../sign-in/sign-in.js'
import { createAuthorizationPages } from './authorization.js'
import type { Page } from './page.js'

/** How many end users the page offers by name; others can be typed. */
const mostSuggestions = 100

/**
 * The pages where end users sign in for MCP clients. Offline nobody has a password: whoever sits there says who they
 * are.
 *
 * @param baseUrl Where users see the pages, if that is another origin than the one of the request.
 */
export function createSignInPages(engine: Engine, signIn: SignIn, coop?: string, baseUrl?: string): Hono {
  return createAuthorizationPages<SignInRequest>(
    {
      paths: { authorize: authorizePath, decide: decidePath },
      authorize: signIn.authorize,
      waiting: signIn.request,
      ask: (waiting, problem) => ask(engine, waiting, problem),
      decide: (waiting, decision, form) =>
        decision === 'approve' ? signIn.approve(waiting, form.get('externalId') ?? '') : signIn.deny(waiting),
    },
    coop,
    baseUrl,
  )
}

function suggestions({ state }: Engine, { workspaceId, endUserId }: SignInRequest['server']): string[] {
  if (endUserId !== null) return [endUserId]
  const known: string[] = []
  for (const { externalId } of state.endUsersOf(workspaceId)) {
    if (known.length === mostSuggestions) break
    if (externalId !== null) known.push(externalId)
  }
  return known
}

function ask(engine: Engine, request: SignInRequest, problem?: Refusal): Page {
  const { requestId, client, server, redirectUri } = request
  const { protocol, host } = new URL(redirectUri)
  return {
    title: `Sign in to ${server.name}`,
    status: problem?.status ?? 200,
    body: html`<p class="small muted">Weavz sign-in, played by the offline Weavz</p>
      <h1>Sign in to ${server.name}</h1>
      ${problem ? html`<p class="note" role="alert">${problem.message}.</p>` : ''}
      <p>
        ${client.name} wants to ${server.mode === 'CODE' ? 'run code with' : 'use'} the tools of
        ${server.name} for you.
      </p>
      <form method="post" action="${decidePath}" autocomplete="off">
        <input type="hidden" name="request" value="${requestId}" />
        <div class="field">
          <label for="externalId">Your user id</label>
          <input
            id="externalId"
            name="externalId"
            type="text"
            list="known"
            maxlength="255"
            value="${server.endUserId ?? ''}"
            aria-describedby="who"
            required
          />
          <datalist id="known">
            ${suggestions(engine, server).map((each) => html`<option value="${each}"></option>`)}
          </datalist>
          <p class="small muted" id="who">${whoMay(server)}</p>
        </div>
        <dl class="facts">
          <div>
            <dt>Returns to</dt>
            <dd>${host === '' ? protocol : host}</dd>
          </div>
        </dl>
        <div class="buttons">
          <button class="primary" name="decision" value="approve">Sign in</button>
          <button name="decision" value="deny" formnovalidate>Cancel</button>
        </div>
      </form>`,
  }
}

function whoMay({ endUserId, endUserAccess }: SignInRequest['server']): string {
  if (endUserId !== null) return 'The external id of the one end user whom this server is for.'
  return endUserAccess === 'open'
    ? 'The external id of an end user. A new one becomes an end user of the workspace.'
    : 'The external id of an end user of the workspace.'
}
