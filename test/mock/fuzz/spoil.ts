import { gzipSync } from 'node:zlib'
import fc, { type Arbitrary } from 'fast-check'
import type { Wire } from './request.js'

type Bytes = Uint8Array<ArrayBuffer>
type Spoiler = (wire: Wire) => Wire

const encode = (text: string) => new TextEncoder().encode(text)
const bytesOf = ({ body = '{}' }: Wire): Bytes => (typeof body === 'string' ? encode(body) : body)

function joined(...parts: readonly (Uint8Array | readonly number[])[]): Bytes {
  return new Uint8Array(parts.flatMap((part) => [...part]))
}

const onBytes =
  (change: (body: Bytes) => Bytes): Spoiler =>
  (wire) => ({ ...wire, body: change(bytesOf(wire)) })

const onText =
  (change: (body: string) => string): Spoiler =>
  (wire) => ({ ...wire, body: change(new TextDecoder().decode(bytesOf(wire))) })

const onHeaders =
  (headers: Readonly<Record<string, string>>): Spoiler =>
  (wire) => ({ ...wire, headers: { ...wire.headers, ...headers } })

/** Where in a body: a part of its length. */
const place = fc.double({ min: 0, max: 1, noNaN: true })
const at = (part: number, { length }: { length: number }) => Math.floor(part * length)

const fragments = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', '\\u', '\\ud800', '\u0000', '\ufeff', '\u2028', '//', '/**/'],
  ...['NaN', 'Infinity', '1e999', '-', '01', '0x10', 'undefined', "'", 'null,', '"__proto__":{},'],
]

/** Bodies that are not what the content type says, or not JSON at all. */
const body: Arbitrary<Spoiler> = fc.oneof(
  place.map((part) => onBytes((body) => body.slice(0, at(part, body)))),
  fc
    .tuple(place, fc.constantFrom(...fragments))
    .map(([part, text]) =>
      onText((body) => body.slice(0, at(part, body)) + text + body.slice(at(part, body))),
    ),
  fc
    .tuple(place, fc.uint8Array({ minLength: 1, maxLength: 4 }))
    .map(([part, bytes]) =>
      onBytes((body) => joined(body.slice(0, at(part, body)), bytes, body.slice(at(part, body)))),
    ),
  // The same key twice
  fc.constant(onText((body) => body.replace(/^\{("[^"]*":)/, '{$1null,$1'))),
  fc.constant(onText((body) => body + body)),
  fc.constant(onText((body) => body.replace(/:("[^"]*"|\d+)/, ':1e999'))),
  fc.constant(
    onText((body) => body.replace(/[a-z]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)),
  ),
  fc.constant(onBytes((body) => joined([0xef, 0xbb, 0xbf], body))),
  fc.constant(
    onBytes((body) =>
      joined(
        [0xff, 0xfe],
        [...body].flatMap((byte) => [byte, 0]),
      ),
    ),
  ),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => onBytes(() => joined(bytes))),
  fc.constantFrom('', ' \n', 'null', '0', '""', '[]', 'true', 'a=b&c=d').map((text) => onText(() => text)),
  fc.constantFrom('[', '{"a":', '"').map((text) => onText(() => text.repeat(100_000))),
  fc.constant(onText((body) => body + ' '.repeat(2_100_000))),
)

const coding: Arbitrary<Spoiler> = fc.oneof(
  fc
    .constantFrom(
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'image/png',
      '/',
      'a/b;;',
    )
    .map((type) => onHeaders({ 'content-type': type })),
  fc
    .constantFrom('utf-16', 'latin1', 'nonsense')
    .map((charset) => onHeaders({ 'content-type': `application/json; charset=${charset}` })),
  fc.constantFrom('gzip', 'br', 'identity', 'nonsense').map((how) => onHeaders({ 'content-encoding': how })),
  fc.constant((wire: Wire) =>
    onHeaders({ 'content-encoding': 'gzip' })({ ...wire, body: joined(gzipSync(bytesOf(wire))) }),
  ),
)

const authorization: Arbitrary<Spoiler> = fc
  .constantFrom(
    ...['', 'Bearer', 'Bearer ', 'Basic d3Z6OnB3', 'Token x', 'Bearer wvz_', `Bearer ${'w'.repeat(10_000)}`],
    ...['Bearer null', 'Bearer cst_x', 'Bearer a b', 'Bearer a, Bearer b', 'Bearer \u00ff'],
  )
  .map((value) => onHeaders({ authorization: value }))

/** Lets every caller write their key in other ways. */
const casing: Arbitrary<Spoiler> = fc.constantFrom('bearer  ', 'BEARER ').map((scheme) => (wire) => {
  const { authorization: value = '' } = wire.headers
  return onHeaders({ authorization: value.replace('Bearer ', scheme) })(wire)
})

const strangePath = fc.constantFrom(
  ...[
    '/',
    '//',
    '/.',
    '/..',
    '/%2e%2e',
    '/%2f',
    '%2f',
    '/%00',
    '%',
    '/%ff',
    '/%c0%ae',
    ';x',
    '/*',
    '/:id',
    '/{id}',
  ],
  ...['\\', '/ ', '/é', '/%E0%A4%A', '/__proto__', '/constructor', `/${'x'.repeat(3000)}`, '/a'.repeat(500)],
)
const strangeQuery = fc.constantFrom(
  ...[
    '?',
    '?&&=',
    '?limit',
    '?limit=1&limit=2',
    '?limit[]=1',
    '?limit=%ff',
    '?offset=-0',
    '?limit=1e1',
    '?limit=0x1',
  ],
  ...[
    '?id',
    '?id=&name=',
    '?summary=TRUE',
    '?__proto__=1',
    '?a=%',
    '?limit=٣',
    '?limit= 1',
    '?workspaceId=null',
  ],
  `?x=${'y'.repeat(5000)}`,
)
const path: Arbitrary<Spoiler> = fc.oneof(
  strangePath.map((end) => (wire: Wire) => ({ ...wire, path: wire.path.replace(/(?=\?|$)/, end) })),
  strangePath.map((start) => (wire: Wire) => ({ ...wire, path: `/${start}${wire.path}` })),
  fc.tuple(fc.nat(6), strangePath).map(([nth, inside]) => (wire: Wire) => {
    const parts = wire.path.split('/')
    return { ...wire, path: [...parts.slice(0, nth + 1), inside.slice(1), ...parts.slice(nth + 1)].join('/') }
  }),
  fc.constant((wire: Wire) => ({ ...wire, path: wire.path.toUpperCase() })),
  strangeQuery.map((query) => (wire: Wire) => ({ ...wire, path: wire.path.replace(/\?.*|$/, query) })),
)

const method: Arbitrary<Spoiler> = fc
  .constantFrom('GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'X')
  .map((method) => (wire) => ({ ...wire, method }))

/** Ways to spoil a request that was right, or nearly: in its bytes, its headers, its path or its method. */
export const spoilers: Arbitrary<Spoiler> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: body },
      { weight: 2, arbitrary: coding },
      { weight: 1, arbitrary: authorization },
      { weight: 1, arbitrary: casing },
      { weight: 3, arbitrary: path },
      { weight: 2, arbitrary: method },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((all) => (wire) => all.reduce((spoilt, one) => one(spoilt), wire))

/** Whether fetch would send a body with that method. */
export const carriesBody = ({ method }: Wire) => !/^(?:GET|HEAD)$/i.test(method)
