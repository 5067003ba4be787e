/**
 * HTTP/1.1 over one socket, as little of it as a benchmark needs: a client that costs more than the server that it
 * measures would measure itself.
 */
import { connect, type Socket } from 'node:net'

export interface Exchange {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** The bytes of a request. */
export function bytesOf({ method, path, headers, body = '' }: Exchange): Buffer {
  const lines = Object.entries({ host: 'localhost', ...headers, 'content-length': Buffer.byteLength(body) })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`)
}

export interface Line {
  /** Sends a request and waits for the whole answer, which must be a 200. */
  send(request: Buffer): Promise<string>
  close(): void
}

/** The body, once all of it is there. */
function bodyOf(answer: string): string | undefined {
  const end = answer.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const body = answer.slice(end + 4)
  const length = /^content-length: *(\d+)/im.exec(answer.slice(0, end))?.[1]
  if (length === undefined) return body.endsWith('0\r\n\r\n') ? body : undefined
  // The answers are ASCII: as many characters as bytes
  return body.length >= Number(length) ? body : undefined
}

export async function openLine(url: string): Promise<Line> {
  const { hostname, port } = new URL(url)
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect({ host: hostname, port: Number(port), noDelay: true }, () => resolve(opening))
    opening.once('error', reject)
  })
  let settle: { resolve(body: string): void; reject(error: Error): void } | undefined
  let answer = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    answer += chunk
    const body = bodyOf(answer)
    if (body === undefined) return
    if (answer.startsWith('HTTP/1.1 200 ')) settle?.resolve(body)
    else settle?.reject(new Error(`Refused: ${answer}`))
  })
  socket.on('error', (error) => settle?.reject(error))
  socket.on('close', () => settle?.reject(new Error('The server hung up')))
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject }
        answer = ''
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}
