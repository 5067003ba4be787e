import { expect, it } from 'vitest'
import { createMockWeavz } from '../../../src/mock/index.js'
import { Api, inProcess, stoppedClock, throughBothDoors } from '../door.js'
import { addPersonalSlack, knock } from '../mcp/kit.js'
import { makeEndUser } from '../world.js'
import { signInWorld, verifier } from './kit.js'

/** A signed-in end user, a code that waits to be redeemed, and all that is secret about them. */
async function signedIn(open = inProcess) {
  const world = await signInWorld(open, {}, { clock: stoppedClock() })
  await makeEndUser(world.api, world.workspaceId, 'ada')
  const code = await world.codeFor('ada')
  const tokens = await world.tokensFor('ada')
  return { ...world, code, tokens, secrets: [code, tokens.access_token, tokens.refresh_token ?? ''] }
}

const statusOf = async (api: Api, endpoint: string, token: string) =>
  (await knock(api, endpoint, token)).status

it('Who is signed in survives a snapshot, in another process with the same key', async () => {
  const { api, mcpEndpoint, tokens, redeem, refresh, code } = await signedIn()
  const snapshot = api.weavz.snapshot()
  const other = createMockWeavz({ clock: stoppedClock() })
  other.restore(snapshot)
  const there = new Api(other, api.url, other.fetch)
  expect(await statusOf(there, mcpEndpoint, tokens.access_token)).toBe(200)
  expect((await refresh(tokens)).status).toBe(200)
  expect((await redeem(code)).status).toBe(200)
  api.weavz.restore(snapshot)
  expect((await refresh(tokens)).status).toBe(200)
  expect((await redeem(code)).status).toBe(200)
})

it('A fork knows who was signed in, and what happens to them there stays there', async () => {
  const { api, mcpEndpoint, tokens, refresh } = await signedIn()
  const fork = api.weavz.fork()
  const there = new Api(fork, api.url, fork.fetch)
  expect(await statusOf(there, mcpEndpoint, tokens.access_token)).toBe(200)
  await refresh(tokens)
  await refresh(tokens)
  expect(await statusOf(api, mcpEndpoint, tokens.access_token)).toBe(401)
  expect(await statusOf(there, mcpEndpoint, tokens.access_token)).toBe(200)
})

it('Nobody is signed in any more after a reset', async () => {
  const { api, mcpEndpoint, tokens, refresh } = await signedIn()
  api.weavz.reset()
  expect(await statusOf(api, mcpEndpoint, tokens.access_token)).toBe(404)
  expect(await refresh(tokens)).toMatchObject({ body: { error: 'invalid_client' } })
  expect(JSON.parse(api.weavz.snapshot()).signIn).toEqual({
    ...{ clients: [], requests: [], codes: [], grants: [], accessTokens: [], refreshTokens: [] },
  })
})

throughBothDoors('Of a sign-in', (open) => {
  it('the journal tells everything but codes, tokens and verifiers', async () => {
    const { api, authorizationUrl, mcpEndpoint, tokens, refresh, redeem, code, secrets } =
      await signedIn(open)
    await api.fetch(authorizationUrl())
    await knock(api, mcpEndpoint, tokens.access_token)
    const { body: renewed } = await refresh(tokens)
    await redeem(code)
    await knock(api, mcpEndpoint)
    const journal = JSON.stringify(api.weavz.journal)
    for (const secret of [...secrets, renewed.access_token, verifier]) expect(journal).not.toContain(secret)
    const paths = api.weavz.journal.list().map(({ request }) => request.path)
    expect(paths).toEqual(expect.arrayContaining(['/oauth/register', '/oauth/authorize', '/oauth/token']))
    const challenge = api.weavz.journal.list().at(-1)?.response?.headers['www-authenticate']
    expect(challenge).toMatch(/^Bearer resource_metadata="http/)
  })

  it('the address that leads back is in the journal without its code', async () => {
    const { api, authorizationUrl } = await signedIn(open)
    const page = await (await api.fetch(authorizationUrl())).text()
    const [, request = ''] = /name="request" value="([^"]+)"/.exec(page) ?? []
    const response = await api.fetch(`${api.url}/oauth/decide`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ request, decision: 'approve', externalId: 'ada' }),
    })
    const code = new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? ''
    expect(code).toMatch(/^mcpo_code_[\w-]{43}$/)
    const noted = api.weavz.journal.list().at(-1)?.response?.headers.location
    expect(noted).toContain('code=[secret]')
    expect(JSON.stringify(api.weavz.journal)).not.toContain(code)
  })

  it('no credential of an account is opened for it', async () => {
    const { api, workspaceId, mcpEndpoint, tokensFor } = await signInWorld(open)
    await addPersonalSlack(api, workspaceId)
    const { access_token: token } = await tokensFor('user_123')
    await knock(api, mcpEndpoint, token)
    expect(api.weavz.openings.count).toBe(0)
  })

  it('no secret is at rest', async () => {
    const { api, secrets } = await signedIn(open)
    const snapshot = api.weavz.snapshot()
    for (const secret of secrets) expect(snapshot).not.toContain(secret)
    expect(snapshot).not.toContain('mcpo_')
  })
})
