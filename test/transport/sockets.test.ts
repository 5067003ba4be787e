import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { connections } from '../../src/contract/connections.js'
import {
  WeavzAbortError,
  WeavzNetworkError,
  WeavzTimeoutError,
  type Transport,
} from '../../src/transport/index.js'
import { connection, rejection, transport } from './support.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A client of a real server on loopback; `requests` counts what arrived there. */
async function against(
  listener: RequestListener,
  options = {},
): Promise<{ client: Transport; requests: string[] }> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    listener(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { client: transport({ baseUrl: `http://127.0.0.1:${port}`, ...options }), requests }
}

const get = { query: { id: connection.id } }
const create = {
  body: {
    type: 'SECRET_TEXT',
    integrationName: 'openai',
    externalId: 'a',
    displayName: 'Ä',
    secretText: 'sk-ü',
  },
} as const

describe('Over a real socket', () => {
  test('a body has its length and its bytes', async () => {
    const { client } = await against((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks)
        const {
          'content-length': length,
          'transfer-encoding': encoding,
          'content-type': type,
        } = request.headers
        expect({ length, encoding, type }).toEqual({
          length: String(body.length),
          encoding: undefined,
          type: 'application/json',
        })
        expect(JSON.parse(body.toString())).toEqual(create.body)
        response.writeHead(201).end(JSON.stringify({ connection }))
      })
    })
    expect(await client.call(connections.create, create)).toEqual({ connection })
  })

  test('headers arrive and the body hangs: a time-out', async () => {
    const { client } = await against(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"connection":')
      },
      { timeout: 200, maxRetries: 0 },
    )
    expect(await rejection(client.call(connections.get, get))).toBeInstanceOf(WeavzTimeoutError)
  })

  test('headers arrive and the body hangs: the caller can still abort', async () => {
    const controller = new AbortController()
    const { client } = await against((_, response) => {
      response.writeHead(200).write('{')
      setTimeout(() => controller.abort(), 20)
    })
    const error = await rejection(client.call(connections.get, get, { signal: controller.signal }))
    expect(error).toBeInstanceOf(WeavzAbortError)
  })

  test('a reset is a network error: a GET is repeated, a POST that creates is not', async () => {
    const { client, requests } = await against((request) => request.socket.resetAndDestroy())
    const read = await rejection(client.call(connections.get, get))
    expect(read).toBeInstanceOf(WeavzNetworkError)
    expect(read).toMatchObject({ attempts: 3 })
    const write = await rejection(client.call(connections.create, create))
    expect(write).toMatchObject({ code: 'NETWORK_ERROR', attempts: 1 })
    expect(requests.map((line) => line.slice(0, 4))).toEqual(['GET ', 'GET ', 'GET ', 'POST'])
  })

  test('a truncated body is a network error, not an empty or half a result', async () => {
    const { client } = await against(
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{}')
        setTimeout(() => response.socket?.destroy(), 20)
      },
      { maxRetries: 0 },
    )
    expect(await rejection(client.call(connections.get, get))).toBeInstanceOf(WeavzNetworkError)
  })

  test('a port where nothing listens is named, with the likely reason', async () => {
    const { client } = await against(() => undefined, { maxRetries: 0 })
    const server = servers[0]!
    await new Promise((resolve) => server.close(resolve))
    const error = await rejection(client.call(connections.get, get))
    expect(error).toMatchObject({
      code: 'NETWORK_ERROR',
      message: expect.stringContaining('ECONNREFUSED'),
      hint: expect.stringContaining('Nothing listens at http://127.0.0.1:'),
    })
  })
})
