import { html } from 'hono/html'
import { completeSession, deniedByUser, failSession, isOver, sessionOf } from '../../engine/connect.js'
import type { Engine } from '../../engine/engine.js'
import { beginAuthorization, callbackPath } from '../../engine/oauth/authorization.js'
import { providerOf } from '../../engine/oauth/providers.js'
import { Refusal } from '../../engine/refusal.js'
import type { SessionRow } from '../../engine/rows.js'
import { finish, originsOf } from './finish.js'
import { formInputs, readCredentials, type Problems } from './form.js'
import { render, seeOther, type Html } from './page.js'
import { rememberOpener } from './scripts.js'

const noProblems: Problems = new Map()

/** What the routes of one request share. */
export interface Visit {
  readonly engine: Engine
  /** Where the hosted pages are. No trailing slash. */
  readonly baseUrl: string
  /** `Cross-Origin-Opener-Policy` of the page. */
  readonly coop: string | undefined
}

/** One page for every token that opens nothing: which of them ever existed is nobody's business. */
export function deadLink(coop: string | undefined): Promise<Response> {
  return render({
    title: 'This link does not work',
    status: 404,
    body: html`<h1>This link does not work</h1>
      <p class="note" role="alert">It has expired, or it was not copied completely.</p>
      <p class="muted">Go back to the app and start again.</p>`,
    coop,
  })
}

/** The connect page of a session, or its end. */
export function showConnect(visit: Visit, token: string): Promise<Response> {
  const session = sessionOf(visit.engine, token)
  if (!session) return deadLink(visit.coop)
  return isOver(session) ? finish(visit.engine, session, visit.coop) : ask(visit, token, session)
}

/** Asks the user to go on to the provider, or for their credentials. */
async function ask(
  visit: Visit,
  token: string,
  session: SessionRow,
  problems: Problems = noProblems,
): Promise<Response> {
  const { engine, coop } = visit
  const integration = engine.catalog.get(session.integrationName)
  const name = integration?.displayName ?? session.integrationName
  const logo = integration && engine.catalog.summarize(integration).logoUrl
  const inputs = formInputs(engine, session, problems)
  // Chromium holds the redirects that follow a form to `form-action`, too.
  const provider = inputs ? [] : [await providerOrigin(visit, session)]
  return render({
    title: `Connect ${name}`,
    status: problems.size > 0 ? 422 : 200,
    body: html`${logo ? html`<img class="logo" src="${logo}" alt="" />` : ''}
      <h1>Connect ${name}</h1>
      ${problems.size > 0 ? problemNote(problems) : ''}
      <p class="muted">${lead(name, inputs)}</p>
      <form method="post" action="/connect" autocomplete="off">
        <input type="hidden" name="token" value="${token}" />
        ${inputs ?? ''}
        <dl class="facts">
          <div>
            <dt>Connection</dt>
            <dd>${session.connectionName}</dd>
          </div>
        </dl>
        <div class="buttons">
          <button class="primary" name="intent" value="connect">
            ${inputs ? 'Connect' : `Continue to ${name}`}
          </button>
          <button name="intent" value="deny" formnovalidate>Cancel</button>
        </div>
      </form>`,
    script: rememberOpener,
    data: { session: session.id },
    formTargets: [...provider, ...originsOf(session)],
    coop,
  })
}

async function providerOrigin({ engine, baseUrl }: Visit, session: SessionRow): Promise<string> {
  const { authorizationEndpoint } = await providerOf(engine, session)
  return new URL(authorizationEndpoint, baseUrl).origin
}

function lead(name: string, inputs: Html | undefined): string {
  return inputs
    ? `The app will use these credentials for ${name}. They are stored encrypted and are never shown again.`
    : `You will sign in at ${name} and decide there what the app may do.`
}

function problemNote(problems: Problems): Html {
  const items = [...problems].map(([name, text]) => html`<li><a href="#${name}">${text}</a></li>`)
  return html`<div class="note" role="alert">
    <p>That did not work yet:</p>
    <ul>
      ${items}
    </ul>
  </div>`
}

/**
 * What the user decided. The token in the body is what binds the form to its session: nobody who does not hold it can
 * post one. A second post of the same form finds the session over, and shows its end.
 */
export async function decideConnect(visit: Visit, form: URLSearchParams): Promise<Response> {
  const { engine, baseUrl, coop } = visit
  const token = form.get('token') ?? ''
  const session = sessionOf(engine, token)
  if (!session || isOver(session)) return showConnect(visit, token)
  if (form.get('intent') === 'deny') failSession(engine, session.id, deniedByUser)
  else if (session.oauthAppMode !== null) {
    try {
      const { authorizationUrl } = await beginAuthorization(engine, session.id, baseUrl + callbackPath)
      return seeOther(authorizationUrl, coop)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      failSession(engine, session.id, error.message)
    }
  } else {
    const read = readCredentials(engine, session, form)
    if ('problems' in read) return ask(visit, token, session, read.problems)
    await completeSession(engine, session.id, read.credentials)
  }
  return showConnect(visit, token)
}
