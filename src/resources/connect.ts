import type { ConnectResult, ConnectSource, OpenOptions } from '../browser/index.js'
import {
  connect,
  type ConnectPoll,
  type ConnectSession,
  type ConnectToken,
  type CreateConnectToken,
} from '../contract/connect.js'
import { WeavzConnectError, type APIPromise, type RequestOptions } from '../transport/index.js'
import { connectInPopup } from './popup.js'
import { pollUntil, type WaitOptions } from './poll-until.js'
import { Resource } from './resource.js'

/**
 * Hosted connect: a user connects an account on a page of Weavz; your app follows the session by its token.
 *
 * @see docs/connect.md
 */
export class Connect extends Resource {
  /**
   * Starts a session. Open `connectUrl` in a popup or redirect to it, and follow the session with `wait(token)`.
   *
   * @param params.externalId Becomes `connection.externalId`, your selector for the credential set; not a user id.
   * @param params.endUserId The end user's **external** id (your user id); created with the connection, if unknown.
   * @throws ValidationError `NO_OAUTH_APP`
   * @throws NotFoundError `INTEGRATION_NOT_FOUND`, `OAUTH_APP_NOT_FOUND`, `NOT_FOUND` (workspace, workspace integration)
   * @example
   * const { token, connectUrl } = await weavz.connect.createToken({
   *   integrationName: 'slack', connectionName: 'My Slack', externalId: 'my_slack', workspaceId,
   * })
   */
  createToken(params: CreateConnectToken, options?: RequestOptions): APIPromise<ConnectToken> {
    return this.call(connect.createToken, { body: params }, options)
  }

  /**
   * Gets a session with its dates and the name of the connection to be. Not every server tells the id of a session when
   * it starts one: `poll` follows it by the token.
   *
   * @param sessionId `sessionId` of `createToken`; not the token.
   * @throws NotFoundError `NOT_FOUND`
   * @throws PermissionDeniedError `FORBIDDEN` if it is another organization's.
   * @example const { session } = await weavz.connect.getSession(sessionId)
   */
  getSession(sessionId: string, options?: RequestOptions): APIPromise<{ session: ConnectSession }> {
    return this.call(connect.getSession, { params: { sessionId } }, options)
  }

  /**
   * Asks once how a session is going. Needs no API key: the token is the credential.
   *
   * @param token The `cst_…` token of `createToken`.
   * @throws AuthenticationError `INVALID_TOKEN` if it is unknown or older than 4 hours.
   * @throws ValidationError `MISSING_TOKEN` if it is empty.
   * @example const { status, connectionId } = await weavz.connect.poll(token)
   */
  poll(token: string, options?: RequestOptions): APIPromise<ConnectPoll> {
    return this.call(connect.poll, { body: { token } }, options)
  }

  /**
   * Opens the hosted connect page in a window and waits for the connection, in a page. Call it in a click handler, before
   * any `await`. It polls the host of `connectUrl`, without an API key.
   *
   * This is `openConnect` of `@weavz/sdk/browser`: import that one for events, `cancel()` and `resume()`, or where this
   * client is not needed in the page.
   *
   * @param source `{ token, connectUrl }` from the app's back end, or a function that fetches it.
   * @throws WeavzConnectError of `@weavz/sdk/browser`: `CONNECT_POPUP_BLOCKED`, `CONNECT_POPUP_CLOSED`, `CONNECT_FAILED`, …;
   * outside a page `CONNECT_UNSUPPORTED_ENVIRONMENT`.
   * @example const { connectionId } = await weavz.connect.popup({ token, connectUrl })
   */
  popup(source: ConnectSource, options?: OpenOptions): Promise<ConnectResult> {
    return connectInPopup(source, options)
  }

  /**
   * Polls until the session has ended, and returns it: `COMPLETED` with `connectionId`, or `FAILED` with `error`. A poll
   * that fails does not end the waiting, unless the API refuses the token twice in a row.
   *
   * @param token The `cst_…` token of `createToken`.
   * @param options.intervalMs Milliseconds between polls. Default 1000.
   * @param options.timeoutMs Milliseconds to wait in all. Default 120000.
   * @throws WeavzConnectError `CONNECT_TIMEOUT` if it has not ended by then. The session goes on: wait for it again.
   * @throws AuthenticationError `INVALID_TOKEN`
   * @throws WeavzAbortError if `signal` aborts.
   * @example
   * const session = await weavz.connect.wait(token)
   * if (session.status === 'COMPLETED') console.log(session.connectionId)
   */
  wait(token: string, options: WaitOptions = {}): Promise<ConnectPoll> {
    return pollUntil({
      poll: (pollOptions) => this.poll(token, pollOptions),
      ended: ({ status }) => status === 'COMPLETED' || status === 'FAILED',
      timedOut: (timeoutMs, cause) =>
        new WeavzConnectError(`The connect session has not ended within ${timeoutMs} ms`, {
          code: 'CONNECT_TIMEOUT',
          hint: 'The user may still finish: wait for the same token again, or for longer with `timeoutMs`.',
          sessionMayStillComplete: true,
          cause,
        }),
      options,
      runtime: this.runtime,
    })
  }
}
