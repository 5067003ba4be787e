import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

export interface ServedPage {
  readonly url: string
  close(): Promise<void>
}

const policy = "default-src 'none'; script-src 'self'; connect-src 'self'"
const html = '<!doctype html><script type="module" src="/main.js"></script>'

/** Serves a bundle and a page that loads it, under a policy that allows neither eval nor anything foreign. */
export async function servePage(folder: string): Promise<ServedPage> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/') {
      response.setHeader('content-security-policy', policy)
      response.setHeader('content-type', 'text/html')
      response.end(html)
      return
    }
    readFile(path.join(folder, path.basename(pathname))).then(
      (code) => response.setHeader('content-type', 'text/javascript').end(code),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
