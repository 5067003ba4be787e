import { html } from 'hono/html'
import { connectFromPortal, portalOf, type Portal, type PortalItem } from '../../engine/portal.js'
import { Refusal } from '../../engine/refusal.js'
import { deadLink, type Visit } from './connect.js'
import { render, seeOther, type Html } from './page.js'

/** The cookie that brings the user back to a portal from the end of a session; only its link's id is in addresses. */
const cookieOf = (linkId: string) => `weavz-portal-${linkId}`

/** The portal behind a token. The token stays in this browser for the way back, out of reach of scripts. */
export async function showPortal({ engine, baseUrl, coop }: Visit, token: string): Promise<Response> {
  const portal = portalOf(engine, token)
  if (!portal) return deadLink(coop)
  const page = await pageOf(portal, token, coop)
  const seconds = Math.floor((Date.parse(portal.link.expiresAt) - engine.clock.now()) / 1000)
  const secure = baseUrl.startsWith('https:') ? '; Secure' : ''
  page.headers.append(
    'set-cookie',
    `${cookieOf(portal.link.id)}=${token}; Path=/connect/portal; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`,
  )
  return page
}

/** From the end of a session back to the portal that it started from. */
export function returnToPortal(
  { coop }: Visit,
  linkId: string,
  cookies: string,
): Promise<Response> | Response {
  const name = cookieOf(linkId)
  const token = cookies
    .split(';')
    .map((cookie) => cookie.trim().split('='))
    .find(([each]) => each === name)?.[1]
  return token === undefined
    ? deadLink(coop)
    : seeOther(`/connect/portal?token=${encodeURIComponent(token)}`, coop)
}

/** Starts the session of the account that the user chose, and goes to its connect page. */
export async function connectInPortal(
  { engine, baseUrl, coop }: Visit,
  form: URLSearchParams,
): Promise<Response> {
  const token = form.get('token') ?? ''
  const portal = portalOf(engine, token)
  if (!portal) return deadLink(coop)
  try {
    const { connectUrl } = connectFromPortal(engine, portal, form.get('account') ?? '', baseUrl)
    return seeOther(connectUrl, coop)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return pageOf(portal, token, coop, error)
  }
}

function pageOf(
  { endUser, items }: Portal,
  token: string,
  coop: string | undefined,
  problem?: Refusal,
): Promise<Response> {
  const who = endUser.displayName ?? endUser.email ?? endUser.externalId
  return render({
    title: 'Your accounts',
    status: problem?.status ?? 200,
    wide: true,
    body: html`<h1>Your accounts</h1>
      <p class="muted">
        ${who === null ? '' : html`Signed in as ${who}. `}Connect the accounts that the app may use for you.
      </p>
      ${problem ? html`<p class="note" role="alert">${problem.message}</p>` : ''}
      ${
        items.length > 0
          ? html`<ul class="accounts">
              ${items.map((item) => account(item, token))}
            </ul>`
          : html`<p>There is nothing to connect here.</p>`
      }`,
    coop,
  })
}

function account(item: PortalItem, token: string): Html {
  const { target, displayName, own, logoUrl } = item
  const heading = `account-${target.id}`
  return html`<li>
    ${logoUrl == null ? '' : html`<img class="logo" src="${logoUrl}" alt="" />`}
    <div class="what">
      <h2 id="${heading}">${displayName}</h2>
      ${stateOf(item)}
    </div>
    <form method="post" action="/connect/portal">
      <input type="hidden" name="token" value="${token}" />
      <button
        class="${own ? '' : 'primary'}"
        name="account"
        value="${target.id}"
        aria-describedby="${heading}"
      >
        ${own ? 'Reconnect' : 'Connect'}
      </button>
    </form>
  </li>`
}

function stateOf({ own, shared }: PortalItem): Html {
  if (own?.status === 'ACTIVE') return html`<p class="small good-text">Connected: ${own.displayName}</p>`
  if (own) return html`<p class="small bad-text">Needs attention: reconnect ${own.displayName}</p>`
  return html`<p class="small muted">
    ${shared ? 'Not connected: a shared account is used' : 'Not connected'}
  </p>`
}
