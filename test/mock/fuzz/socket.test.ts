import fc, { type Arbitrary } from 'fast-check'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endpoints } from '../../../src/contract/index.js'
import { listen, type ListeningWeavz } from '../../../src/mock/node.js'
import { differences, holdings } from './holdings.js'
import { checkWorld } from './invariants.js'
import { callsOf, wireOf, type Wire } from './request.js'
import { fuzz, inTime, refusalIn, Tally } from './series.js'
import { carriesBody, spoilers } from './spoil.js'
import { fork, layGround, type Ground } from './world.js'

const tally = new Tally()
let ground: Ground
let server: ListeningWeavz
beforeAll(async () => {
  ground = fork(await layGround())
  server = await listen(ground.weavz)
})
afterAll(async () => {
  await server.close()
  console.log(`${tally.requests} requests over a socket (${fuzz.how})`)
})

/** As a client of Node would send it; undefined where Node itself refuses to. */
function send(wire: Wire): Promise<{ status: number; type: string; text: string } | undefined> {
  return new Promise((resolve, reject) => {
    const { method, path, headers } = wire
    const body = carriesBody(wire) ? (wire.body ?? '') : ''
    // Node would not tell the length of what a DELETE carries
    const length = { 'content-length': Buffer.byteLength(body) }
    const sending = () => {
      try {
        return request(server.url + path, { method, headers: { ...headers, ...length } })
      } catch {
        return undefined
      }
    }
    const sent = sending()
    if (!sent) return resolve(undefined)
    sent.on('error', reject)
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }),
      )
    })
    sent.end(body)
  })
}

/** Bytes as they are, on a connection of their own; what came back before it ended. */
function shout(bytes: Uint8Array | string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (part) => (answer += part))
    // A server may hang up on whoever speaks no HTTP
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(answer) : reject(error),
    )
    socket.on('close', () => resolve(answer))
    socket.end(bytes)
  })
}

const alive = async () => expect((await fetch(`${server.url}/health`)).status).toBe(200)

it('broken requests of a client on the network are answered as those in process are', async () => {
  const call = fc.tuple(fc.oneof(...endpoints.map(callsOf)), spoilers)
  await fc.assert(
    fc.asyncProperty(call, async ([call, spoil]) => {
      const before = holdings(ground)
      const wire = spoil(wireOf(call, ground.pool, ground.keys))
      const answer = await inTime(call.id, send(wire))
      if (!answer) return
      const { status, type, text } = answer
      tally.count('request', status < 400)
      expect(status, text).toBeLessThan(500)
      await ground.weavz.settled()
      // What Node's parser refuses never reaches the mock
      if (status >= 400 && type !== '' && wire.method !== 'HEAD') refusalIn(status, JSON.parse(text))
      if (status >= 400) expect(differences(before, holdings(ground), ['usage']), text).toEqual([])
    }),
    fuzz.parameters({ numRuns: 600 }),
  )
  await checkWorld(ground)
}, 300_000)

const key = () => ground.keys.admin as string
const body = '{"name":"A","slug":"raw"}'
const post = (head: string, content = body) =>
  `POST /api/v1/workspaces HTTP/1.1\r\nHost: x\r\nAuthorization: ${key()}\r\n${head}\r\n\r\n${content}`

/** What no HTTP client sends. None of it is a whole, right request. */
const rawBytes: Arbitrary<() => Uint8Array | string> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => () => bytes),
  fc
    .constantFrom('GET', 'get', 'BREW', '', 'GET GET')
    .chain((method) =>
      fc
        .constantFrom(
          '/',
          '*',
          'http://[',
          '/\u0000',
          '/ HTTP/1.1 x',
          '//x@y',
          '/%',
          ' ',
          '/api/v1/workspaces#x',
        )
        .map((path) => () => `${method} ${path} HTTP/1.1\r\nHost: x\r\n\r\n`),
    ),
  fc
    .constantFrom(
      ...[
        'Content-Length: 99999',
        'Content-Length: -1',
        'Content-Length: 1e3',
        'Content-Length: 5\r\nContent-Length: 6',
      ],
      ...[
        'Transfer-Encoding: chunked',
        'Transfer-Encoding: chunked\r\nContent-Length: 3',
        'Transfer-Encoding: gzip',
      ],
      ...[
        'Expect: 200-maybe',
        'Host: y',
        `X: ${'x'.repeat(70_000)}`,
        'Bad Header: x',
        'X: a\r\n folded',
        ': empty',
      ],
    )
    .map((head) => () => post(head)),
  fc
    .constantFrom(
      'zz\r\n',
      'ffffffffffffffffff\r\n{',
      '5\r\n{"a"',
      '1a\r\n{"name"\r\n0\r\n\r\n',
      '-1\r\n\r\n',
    )
    .map((chunks) => () => post('Transfer-Encoding: chunked', chunks)),
  fc
    .nat(body.length - 1)
    .map((length) => () => post(`Content-Length: ${body.length}`, body.slice(0, length))),
)

it('bytes that are no HTTP, or only the beginning of it, create nothing, and the server goes on', async () => {
  const before = holdings(ground)
  await fc.assert(
    fc.asyncProperty(rawBytes, async (make) => {
      const answer = await inTime('a raw request', shout(make()))
      tally.count('raw', false)
      expect(answer).not.toMatch(/^HTTP\/1\.1 (?:5|201)/)
    }),
    fuzz.parameters({ numRuns: 300 }),
  )
  await alive()
  expect(differences(before, holdings(ground), [])).toEqual([])
}, 300_000)
