import { html } from 'hono/html'
import type { Engine } from '../../engine/engine.js'
import type { SessionRow } from '../../engine/rows.js'
import { render, seeOther } from './page.js'
import { notifyOpener } from './scripts.js'

/** What the hosted page tells the app's page, as a message or in the query of the address it returns to. */
function resultOf({ status, connectionId, integrationName, externalId, error }: SessionRow) {
  return status === 'COMPLETED'
    ? ({ status: 'success', connectionId, externalId, integrationName } as const)
    : ({ status: 'error', error: error ?? 'Unknown' } as const)
}

/** The address of the app that this end of the session leads to, if the app gave one. */
function returnAddress(session: SessionRow): string | undefined {
  const result = resultOf(session)
  const uri = result.status === 'success' ? session.successRedirectUri : session.errorRedirectUri
  if (uri === null) return undefined
  const url = new URL(uri)
  for (const [name, value] of Object.entries(result)) url.searchParams.append(name, value ?? '')
  return url.href
}

/** Origins of the app: a form whose answer leads there must be allowed to. */
export function originsOf({ successRedirectUri, errorRedirectUri }: SessionRow): string[] {
  return [successRedirectUri, errorRedirectUri].flatMap((uri) => (uri === null ? [] : [new URL(uri).origin]))
}

/**
 * The end of a session that is over: back to the app where it said where to, else a page that posts the documented
 * message to the opener. The message goes to one exact origin: that of the app's redirect addresses, else the one that
 * led the user here; where there is neither, none is posted, and the app learns the end by polling.
 */
export async function finish(
  engine: Engine,
  session: SessionRow,
  coop: string | undefined,
): Promise<Response> {
  const address = returnAddress(session)
  if (address !== undefined) return seeOther(address, coop)
  const { id, integrationName, externalId, connectionId, status, error, portalTokenId } = session
  const done = status === 'COMPLETED'
  const name = engine.catalog.get(integrationName)?.displayName ?? integrationName
  const message = {
    type: 'weavz-connect-result',
    integrationName,
    externalId,
    connectionId,
    ...resultOf(session),
  }
  return render({
    title: done ? `${name} is connected` : `${name} was not connected`,
    body: html`<h1>${done ? `${name} is connected` : `${name} was not connected`}</h1>
      ${
        done
          ? html`<p class="note good" role="status">“${session.connectionName}” is ready to use.</p>`
          : html`<p class="note" role="alert">${error ?? 'Something went wrong.'}</p>`
      }
      ${
        portalTokenId === null
          ? html`<p class="muted">You can close this window and go back to the app.</p>`
          : html`<div class="buttons">
              <a class="button primary" href="/connect/portal?id=${portalTokenId}">Back to your accounts</a>
            </div>`
      }
      <div class="buttons"><button type="button" id="close" hidden>Close this window</button></div>`,
    script: notifyOpener,
    data: { session: id, message: JSON.stringify(message), origin: originsOf(session)[0] ?? '' },
    coop,
  })
}
