import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Values of `Cross-Origin-Opener-Policy`; `none` sends no header. */
export type Coop = 'none' | 'same-origin-allow-popups' | 'same-origin' | 'noopener-allow-popups'

export interface Site {
  readonly origin: string
  close(): Promise<void>
}

export type Handler = (request: IncomingMessage, url: URL, reply: Reply) => void | Promise<void>

export interface Reply {
  html(body: string, coop?: Coop): void
  json(status: number, body: unknown): void
  script(body: string): void
  redirect(location: string, coop?: Coop): void
}

function replyTo(response: ServerResponse): Reply {
  const policy = (coop: Coop = 'none'): Record<string, string> =>
    coop === 'none' ? {} : { 'Cross-Origin-Opener-Policy': coop }
  return {
    html(body, coop) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...policy(coop) })
      response.end(`<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${body}`)
    },
    json(status, body) {
      response.writeHead(status, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' })
      response.end(JSON.stringify(body))
    },
    script(body) {
      response.writeHead(200, { 'Content-Type': 'text/javascript' })
      response.end(body)
    },
    redirect(location, coop) {
      response.writeHead(302, { Location: location, ...policy(coop) })
      response.end()
    },
  }
}

/** Serves one origin on a free loopback port; `host` decides the site that the browser sees. */
export async function serve(
  host: '127.0.0.1' | 'localhost' | 'provider.localhost',
  handle: Handler,
): Promise<Site> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    Promise.resolve(handle(request, url, replyTo(response))).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://${host}:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
