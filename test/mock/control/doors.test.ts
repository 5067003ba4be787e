import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { strangerIn } from '../../../src/mock/control/guard.js'
import { controlRoutes } from '../../../src/mock/control/routes.js'
import { createMockWeavz } from '../../../src/mock/index.js'
import { listen } from '../../../src/mock/node.js'

const token = 'a-control-token'

async function opened(options: { controlToken?: string } = {}) {
  const weavz = createMockWeavz(options)
  const server = await listen(weavz)
  onTestFinished(() => server.close())
  return { weavz, ...server }
}

interface Answer {
  status: number
  body: { code?: string; error?: string }
  headers: NodeJS.Dict<string | string[]>
}

/** A request with any headers at all: `fetch` sets Host and Origin itself. */
async function ask(port: number, path: string, headers: Record<string, string> = {}) {
  const request = httpRequest({ host: '127.0.0.1', port, path, headers, agent: false }).end()
  const [response] = await once(request, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, body: JSON.parse(text), headers: response.headers } as Answer
}

describe('without a control token, control routes', () => {
  it.each([
    ['the address that it listens on', {}],
    ['localhost', { host: 'localhost:4010' }],
    ['a name below localhost', { host: 'weavz.localhost' }],
    ['IPv6', { host: '[::1]:4010' }],
    [
      'a page of its own',
      { host: '127.0.0.1:4010', origin: 'http://127.0.0.1:4010', 'sec-fetch-site': 'same-origin' },
    ],
    ['the address bar', { 'sec-fetch-site': 'none' }],
  ])('answer under %s', async (_, headers) => {
    const { port } = await opened()
    expect(await ask(port, '/_weavz/health', headers)).toMatchObject({ status: 200 })
  })

  it.each([
    ['another name, which DNS may have rebound', { host: 'evil.example' }, 'another name'],
    ['a name that only looks right', { host: '127.0.0.1.evil.example' }, 'another name'],
    ['localhost.evil.example', { host: 'localhost.evil.example' }, 'another name'],
    ['a page of another site', { origin: 'https://evil.example' }, 'other sites'],
    ['a page of another port', { host: '127.0.0.1:4010', origin: 'http://127.0.0.1:3000' }, 'other sites'],
    ['a sandboxed page', { origin: 'null' }, 'other sites'],
    ['an image of another site', { 'sec-fetch-site': 'cross-site' }, 'other sites'],
    ['a tunnel', { 'x-forwarded-for': '203.0.113.7' }, 'proxy'],
    ['a proxy (RFC 7239)', { forwarded: 'for=203.0.113.7' }, 'proxy'],
  ])('are refused to %s', async (_, headers, reason) => {
    const { port } = await opened()
    for (const path of ['/_weavz/health', '/%5Fweavz/health', '/_weavz/nowhere']) {
      const { status, body } = await ask(port, path, headers)
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'FORBIDDEN' })
      expect(body.error).toContain(reason)
    }
  })

  it('are refused to another name in the request line', async () => {
    const { port } = await opened()
    const socket = connect(port, '127.0.0.1')
    socket.end(
      'GET http://evil.example/_weavz/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    )
    let text = ''
    for await (const chunk of socket) text += chunk
    expect(text).toMatch(/^HTTP\/1\.1 403 /)
  })

  it.each(['192.168.0.7', '::ffff:10.0.0.1', 'fe80::1', undefined])(
    'are refused to the address %s',
    (peer) => {
      expect(strangerIn(new Request('http://localhost:4010/_weavz/health'), peer)).toBe(
        'not to another machine',
      )
    },
  )

  it('give pages of other sites no leave by CORS', async () => {
    const { url } = await opened()
    for (const { method, path } of controlRoutes) {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': method }
      const preflight = await fetch(url + path.replace('{id}', '1'), { method: 'OPTIONS', headers })
      expect(preflight.status).toBe(403)
      expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

describe('with a control token, control routes', () => {
  it.each(controlRoutes.map(({ method, path }) => [method, path.replace('{id}', '1')] as const))(
    '%s %s needs it, on a port and in process',
    async (method, path) => {
      const { url, weavz } = await opened({ controlToken: token })
      for (const send of [fetch, weavz.fetch]) {
        for (const authorization of [
          undefined,
          'Bearer wrong',
          `Basic ${token}`,
          `Bearer ${weavz.apiKey}`,
          'Bearer',
        ]) {
          const response = await send(url + path, { method, headers: authorization ? { authorization } : {} })
          expect(response.status).toBe(401)
          expect(response.headers.get('www-authenticate')).toBe('Bearer')
          const body = await response.text()
          expect(JSON.parse(body)).toMatchObject({ code: 'UNAUTHORIZED' })
          expect(body).not.toContain(token)
        }
        const response = await send(url + path, { method, headers: { authorization: `Bearer ${token}` } })
        expect(response.status).not.toBe(401)
      }
    },
  )

  it('answer under any name, through any proxy', async () => {
    const { port } = await opened({ controlToken: token })
    const headers = {
      authorization: `bearer ${token}`,
      host: 'mock.example',
      'x-forwarded-for': '203.0.113.7',
    }
    expect(await ask(port, '/_weavz/health', headers)).toMatchObject({ status: 200 })
  })

  it('need it in a fork, too', async () => {
    const { weavz } = await opened({ controlToken: token })
    expect((await weavz.fork().fetch('http://weavz.test/_weavz/health')).status).toBe(401)
  })

  it('are not the API: that needs its key, and no control token', async () => {
    const { url, weavz } = await opened({ controlToken: token })
    const statusOf = async (key: string) =>
      (await fetch(`${url}/api/v1/workspaces`, { headers: { authorization: `Bearer ${key}` } })).status
    expect(await statusOf(weavz.apiKey)).toBe(200)
    expect(await statusOf(token)).toBe(401)
  })

  it('do not show it', async () => {
    const { weavz } = await opened({ controlToken: token })
    await weavz.fetch('http://weavz.test/api/v1/workspaces', {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(inspect(weavz, { depth: 20 })).not.toContain(token)
    expect(JSON.stringify([weavz, weavz.journal, weavz.snapshot()])).not.toContain(token)
  })

  it.each(['', 'two words', 'ünïcode', 'line\nbreak'])('cannot have %j as one', (controlToken) => {
    expect(() => createMockWeavz({ controlToken })).toThrow(/^controlToken must be/)
  })
})
