import { Hono, type Context } from 'hono'
import { html } from 'hono/html'
import { Refusal } from '../../engine/refusal.js'
import type { AuthorizationServer, Consent } from '../provider/index.js'
import { ownForm } from './own-form.js'
import { render, seeOther, type Page } from './page.js'
import { recent } from './recent.js'
import { showRefusal } from './refusal.js'

export type Decision = 'approve' | 'deny'

/** What one authorization server asks its users, and what it does with the answer. */
export interface AuthorizationPages<C extends Consent> {
  readonly paths: { readonly authorize: string; readonly decide: string }
  readonly look?: Page['look']
  readonly authorize: AuthorizationServer['authorize']
  /** The request that is waiting under that id. */
  waiting(requestId: string): C | undefined
  /**
   * @param problem Why the last answer would not do.
   */
  ask(waiting: C, problem?: Refusal): Page
  /**
   * @returns Where to send the browser; undefined if it was decided in the meantime.
   * @throws Refusal if the answer will not do; the user is asked again.
   */
  decide(waiting: C, decision: Decision, form: URLSearchParams): string | undefined
}

/**
 * Wherever OAuth clients may live. Chromium holds every redirect that follows a form to `form-action`, the client's own
 * next step included (w3c/webappsec-csp#8), and of that an authorization server knows nothing.
 */
const clientTargets = ['https:', 'http://localhost:*', 'http://*.localhost:*', 'http://127.0.0.1:*']

/** Beyond those: the scheme of an app, and IPv6, for which a policy has no notation but the whole scheme. */
function targetsOf({ redirectUri }: Consent): string[] {
  const { protocol, hostname } = new URL(redirectUri)
  const ordinary = protocol === 'https:' || (protocol === 'http:' && !hostname.startsWith('['))
  return ordinary ? clientTargets : [...clientTargets, protocol]
}

/**
 * The pages of an authorization server: where its users say yes or no.
 *
 * @param baseUrl Where users see the pages, if that is another origin than the one of the request.
 */
export function createAuthorizationPages<C extends Consent>(
  pages: AuthorizationPages<C>,
  coop?: string,
  baseUrl?: string,
): Hono {
  const app = new Hono()
  /** Where a decision led, so that a second click on a button leads to the same place. */
  const decided = recent<string>()
  const baseOf = ({ req }: Context) => baseUrl ?? new URL(req.url).origin

  const ask = (waiting: C, problem?: Refusal) =>
    render({ ...pages.ask(waiting, problem), formTargets: targetsOf(waiting), coop })

  /** The user is told and nobody else: who asked so cannot be trusted with a redirect (RFC 6749 §4.1.2.1). */
  const refuse = (description: string) =>
    render({
      title: 'This request is not valid',
      status: 400,
      ...(pages.look && { look: pages.look }),
      body: html`<h1>This request is not valid</h1>
        <p class="note" role="alert">${description}.</p>
        <p class="muted">Go back to the app and start again.</p>`,
      coop,
    })
  const nothingWaits = () => refuse('The request is unknown, answered or too old')

  app.get(pages.paths.authorize, (context) => {
    const answer = pages.authorize(new URL(context.req.url).searchParams, baseOf(context))
    if (answer.kind === 'redirect') return seeOther(answer.url, coop)
    if (answer.kind === 'refused') return refuse(answer.description)
    const waiting = pages.waiting(answer.requestId)
    return waiting ? ask(waiting) : nothingWaits()
  })

  app.post(pages.paths.decide, async (context) => {
    const form = await ownForm(context.req.raw, baseUrl)
    const requestId = form.get('request') ?? ''
    const decision = form.get('decision')
    const waiting = pages.waiting(requestId)
    if (waiting) {
      if (decision !== 'approve' && decision !== 'deny') return ask(waiting)
      try {
        const url = pages.decide(waiting, decision, form)
        if (url !== undefined) decided.set(requestId, url)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return ask(waiting, error)
      }
    }
    const url = decided.get(requestId)
    return url === undefined ? nothingWaits() : seeOther(url, coop)
  })
  app.onError(showRefusal)
  return app
}
