import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isRegistered } from '../../../src/mock/provider/parameters.js'
import { inProcess } from '../door.js'
import { makeEndUser } from '../world.js'
import { callback, register, signInWorld, verifier } from './kit.js'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '%', '%ff', '__proto__', '\u0000', '\ud800', 'x'.repeat(5000), '"><script>'),
)

/** A well-formed request of one endpoint, with any of its parameters spoilt, left out or doubled. */
const spoilt = (fields: Record<string, string>) =>
  fc.dictionary(fc.constantFrom(...Object.keys(fields)), fc.option(fc.array(text, { maxLength: 2 })))

it('Whatever the endpoints of a sign-in are sent, they answer and do not break', async () => {
  const { api, mcpEndpoint, clientId, workspaceId } = await signInWorld(inProcess)
  await makeEndUser(api, workspaceId, 'ada')
  const good = {
    ...{ response_type: 'code', client_id: clientId, redirect_uri: callback, state: 'xyz' },
    ...{ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256', resource: mcpEndpoint },
    ...{ grant_type: 'authorization_code', code: 'mcpo_code_x', code_verifier: verifier, refresh_token: 'x' },
    ...{ request: 'x', decision: 'approve', externalId: 'ada', scope: 'mcp:tools' },
  }
  await fc.assert(
    fc.asyncProperty(
      spoilt(good),
      fc.constantFrom('GET /authorize', 'POST /decide', 'POST /token', 'POST /register'),
      async (changes, call) => {
        const params = new URLSearchParams()
        for (const [name, values] of Object.entries({ ...good, ...changes })) {
          for (const value of [values ?? []].flat()) params.append(name, value)
        }
        const [method = '', path] = call.split(' ')
        const url = `${api.url}/oauth${path}`
        const response =
          method === 'GET'
            ? await api.fetch(`${url}?${params}`)
            : await api.fetch(url, {
                method,
                body: params.toString(),
                headers: { 'content-type': 'application/x-www-form-urlencoded' },
              })
        expect([200, 303, 400, 401, 403]).toContain(response.status)
        const location = response.headers.get('location')
        // Nobody is ever sent anywhere but to what the client registered
        if (location !== null) expect(location.startsWith(`${callback}?`)).toBe(true)
        expect(await response.text()).not.toContain('defect')
      },
    ),
    { numRuns: 500 },
  )
})

const afterHost = (uri: string) => uri.replace(/^http:\/\/[^/?]*/, '')

it('A redirect URI is registered if it is the same text, or differs by the port of a loopback address alone', () => {
  const host = fc.constantFrom('127.0.0.1', '[::1]', 'localhost', '127.0.0.1.evil.test', 'evil.test', '127.1')
  const port = fc.constantFrom('', ':1', ':65535', ':65536', ':x', ':1@evil.test')
  const uri = fc
    .tuple(
      fc.constantFrom('http', 'https', 'cursor'),
      host,
      port,
      fc.constantFrom('', '/', '/cb', '/cb?x', '?x'),
    )
    .map(([scheme, name, at, rest]) => `${scheme}://${name}${at}${rest}`)
  fc.assert(
    fc.property(uri, uri, (registered, asked) => {
      fc.pre(URL.canParse(registered))
      // By the parser of the platform, where the project goes by the text
      const [one, other] = [new URL(registered), URL.canParse(asked) ? new URL(asked) : undefined]
      const differsByPort =
        other !== undefined &&
        [one, other].every(({ protocol, username }) => protocol === 'http:' && username === '') &&
        ['127.0.0.1', '[::1]'].some((address) =>
          [registered, asked].every((each) => each.startsWith(`http://${address}`)),
        ) &&
        one.hostname === other.hostname &&
        ['127.0.0.1', '[::1]'].includes(one.hostname) &&
        afterHost(registered) === afterHost(asked)
      expect(isRegistered(asked, [registered])).toBe(registered === asked || differsByPort)
    }),
    { numRuns: 2000 },
  )
})

it('The page offers a hundred end users by name, however many there are', async () => {
  const { api, workspaceId, authorizationUrl } = await signInWorld(inProcess)
  for (let at = 0; at < 101; at++) await makeEndUser(api, workspaceId, `user_${at}`)
  const source = await (await api.fetch(authorizationUrl())).text()
  expect(source.match(/<option /g)).toHaveLength(100)
})

it('Clients that register at once get ids of their own', async () => {
  const api = await inProcess()
  const registered = await Promise.all(Array.from({ length: 50 }, () => register(api)))
  expect(new Set(registered.map(({ body }) => (body as { client_id: string }).client_id)).size).toBe(50)
})
