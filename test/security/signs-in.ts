import { createHash } from 'node:crypto'
import type { WeavzClient } from '../../src/index.js'
import type { MockWeavz } from '../../src/mock/index.js'
import type { Sweep } from './sweep.js'

/** An end user signs in for an MCP client, which uses and refreshes what it gets: every secret of that is swept for. */
export async function signsIn(
  { client, weavz, fetch }: { client: WeavzClient; weavz: MockWeavz; fetch: MockWeavz['fetch'] },
  workspaceId: string,
  sweep: Sweep,
): Promise<void> {
  const post = (url: string, body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', body, headers })
  const { server, mcpEndpoint } = await client.mcpServers.create({
    ...{ name: 'Signed in', workspaceId, endUserAccess: 'open' },
  })
  const { origin } = new URL(mcpEndpoint)
  const redirect_uri = 'https://client.test/callback'
  const grant_types = ['authorization_code', 'refresh_token']
  // Not through the recorder: these answers are where the client's secret and its tokens come from
  const unrecorded = async (path: string, body: BodyInit, headers: Record<string, string> = {}) => {
    const response = await weavz.fetch(origin + path, { method: 'POST', body, headers })
    return (await response.json()) as Record<string, string>
  }
  const { client_id = '', client_secret = '' } = await unrecorded(
    '/oauth/register',
    JSON.stringify({ redirect_uris: [redirect_uri], grant_types }),
  )
  const code_verifier = sweep.secret('verifier of a sign-in', 'canary-of-the-verifier-'.padEnd(50, 'x'))
  sweep.secret('secret of an MCP client', client_secret)
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id, redirect_uri, resource: mcpEndpoint },
    code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const authorizationUrl = `${origin}/oauth/authorize?${query}`
  sweep.add('sign-in page', await (await fetch(authorizationUrl)).text())
  const code = async (name: string) => {
    const back = await weavz.user.signIn(authorizationUrl, 'ava')
    return sweep.secret(`${name} of a sign-in`, back.searchParams.get('code') ?? '')
  }
  const form = 'application/x-www-form-urlencoded'
  const asClient = { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}`, 'content-type': form }
  const grant = { grant_type: 'authorization_code', redirect_uri, code_verifier }
  const tokens = await unrecorded(
    '/oauth/token',
    new URLSearchParams({ ...grant, code: await code('code') }),
    asClient,
  )
  const refreshing = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }
  const renewed = await unrecorded('/oauth/token', new URLSearchParams(refreshing), asClient)
  for (const [name, value = ''] of Object.entries({ ...tokens, 'renewed token': renewed.access_token })) {
    if (name.endsWith('token')) sweep.secret(`${name} of a sign-in`, value)
  }
  await fetch(mcpEndpoint, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    headers: {
      authorization: `Bearer ${renewed.access_token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
  })
  // Refused in every way, each of which could quote what it was given
  const wrong = new URLSearchParams({
    ...grant,
    code: await code('second code'),
    redirect_uri: 'https://evil.test',
  })
  await post(`${origin}/oauth/token`, wrong, asClient)
  await post(`${origin}/oauth/token`, new URLSearchParams(refreshing), asClient)
  await post(`${origin}/oauth/token`, wrong, { 'content-type': form })
  await post(`${origin}/oauth/token?${wrong}`, '', asClient)
  await post(mcpEndpoint, '{}', { authorization: `Bearer ${tokens.access_token}` })
  await post(mcpEndpoint, '{}', { authorization: `Bearer ${tokens.refresh_token}` })
  await client.mcpServers.get(server.id)
}
