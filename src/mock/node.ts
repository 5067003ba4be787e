/** `@weavz/sdk/mock/node`: the offline Weavz on a real port, for other processes and languages. */

import { serve, type Http2Bindings, type HttpBindings, type ServerType } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { AddressInfo } from 'node:net'
import { isControl, strangerIn } from './control/guard.js'
import { ConnectionLost, arrivingPart } from './kit/fault-effects.js'
import { answeredText } from './messages/response.js'
import type { MockWeavz } from './mock.js'
import { cameFrom } from './peer.js'

export interface ListenOptions {
  /** 0 (the default) takes a free one. */
  readonly port?: number
  /** Default `127.0.0.1`: reachable from this machine alone. */
  readonly host?: string
  /**
   * Stands around every exchange, refused ones included, for logs and delays. `next` rejects where the connection is to
   * break. Default: nothing.
   *
   * @example
   * listen(weavz, { around: async (request, next) => (await sleep(50), next()) })
   */
  readonly around?: (request: Request, next: () => Promise<Response>) => Promise<Response>
  /** How long `close` lets running requests finish, in milliseconds. Default 1000. */
  readonly graceMs?: number
}

export interface ListeningWeavz {
  /** `http://127.0.0.1:4010`: the `baseUrl` of clients. */
  readonly url: string
  readonly port: number
  /** Takes no new requests, lets running ones finish for up to `graceMs`, then cuts them off. */
  close(): Promise<void>
}

/**
 * Puts an offline Weavz on a port.
 *
 * @throws Error if the port is taken or not allowed; `code` is Node's (`EADDRINUSE`, `EACCES`).
 * @example
 * const server = await listen(createMockWeavz(), { port: 4010 })
 * const client = new WeavzClient({ apiKey, baseUrl: server.url })
 */
export async function listen(weavz: MockWeavz, options: ListenOptions = {}): Promise<ListeningWeavz> {
  const { port = 0, host = '127.0.0.1', around = (_request, next) => next(), graceMs = 1000 } = options
  const carry = async (request: Request, peer: string | undefined) => {
    if (!weavz.hasControlToken && isControl(new URL(request.url))) {
      const stranger = strangerIn(request, peer)
      if (stranger !== undefined) {
        const error = `Without a control token, control routes answer to this machine alone: ${stranger}`
        return Response.json({ error, code: 'FORBIDDEN' }, { status: 403 })
      }
    }
    cameFrom(request, peer)
    return weavz.fetch(request)
  }
  const answer = async (request: Request, bindings: HttpBindings | Http2Bindings) => {
    // Nothing here asks for HTTP/2
    const { incoming, outgoing } = bindings as HttpBindings
    try {
      const response = await around(request, () => carry(request, incoming.socket.remoteAddress))
      const part = arrivingPart(response)
      if (part) {
        // The server would answer 500, or complain on the console
        outgoing.writeHead(response.status, Object.fromEntries(response.headers))
        outgoing.write(part, () => incoming.socket.destroy())
        return RESPONSE_ALREADY_SENT
      }
      const text = answeredText(response)
      if (text === undefined) return response
      // The server would make a stream of it to read it back
      const length = { 'content-length': Buffer.byteLength(text) }
      outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), ...length })
      outgoing.end(text)
      return RESPONSE_ALREADY_SENT
    } catch (error) {
      // In process the caller's fetch rejects; here its connection breaks, so that what it sees is real
      if (!(error instanceof ConnectionLost || request.signal.aborted)) throw error
      incoming.socket.resetAndDestroy()
      return RESPONSE_ALREADY_SENT
    }
  }
  const server = await new Promise<ServerType>((resolve, reject) => {
    // Request and Response of the process are its own: msw, for one, takes them for what they are
    const bound = { fetch: answer, port, hostname: host, overrideGlobalObjects: false }
    const started = serve(bound, () => resolve(started))
    started.once('error', reject)
  })
  const address = server.address() as AddressInfo
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    url: `http://${shown}:${address.port}`,
    port: address.port,
    close: () => close(server, graceMs),
  }
}

function close(server: ServerType, graceMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const cutOff = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), graceMs)
    server.close((error) => {
      clearTimeout(cutOff)
      if (error) reject(error)
      else resolve()
    })
    // Idle keep-alive connections would hold the server open until they time out.
    if ('closeIdleConnections' in server) server.closeIdleConnections()
  })
}
