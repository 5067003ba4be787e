import { expect, it } from 'vitest'
import { configure } from '../world.js'
import { throughBothDoors, type Open } from '../door.js'
import { begin } from './kit.js'

/** Posts to the endpoint of a server with one tool that stores what it gets. */
async function begun(open: Open) {
  const { api, workspaceId, makeServer } = await begin(open)
  await configure(api, workspaceId, {
    ...{ integrationName: 'kv-store', settings: { persistence: { scope: 'workspace' } } },
  })
  const { bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer' })
  const headers = {
    ...{ authorization: `Bearer ${bearerToken}`, 'content-type': 'application/json' },
    accept: 'application/json, text/event-stream',
  }
  const post = async (body: string) => {
    const response = await api.fetch(mcpEndpoint, { method: 'POST', headers, body })
    return { status: response.status, body: (await response.json()) as Record<string, any> }
  }
  const put = (value: string) =>
    post(
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"kv_store__put","arguments":{"key":"k","value":${value}}}}`,
    )
  return { api, workspaceId, post, put }
}

throughBothDoors('What is posted to an MCP endpoint', (open) => {
  it.each([
    ['half a surrogate pair', '"\\ud800"', 'body.params.arguments.value: Expected well-formed Unicode'],
    ['endless nesting', '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000), 'Must not nest deeper'],
    ['a key __proto__', '{"a":[{"__proto__":1}]}', 'body.params.arguments.value.a.0.__proto__'],
  ])('is refused like any body for %s, and nothing is stored', async (_, value, problem) => {
    const { api, workspaceId, put } = await begun(open)
    const { status, body } = await put(value)
    expect(status).toBe(400)
    expect(body).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32600 } })
    expect(body.error.message).toContain(problem)
    const get = { integrationName: 'kv-store', actionName: 'get', workspaceId, input: { key: 'k' } }
    expect(await api.ok('actions.execute', { body: get })).toMatchObject({ output: { found: false } })
  })

  it('may nest as deep as any body', async () => {
    const { put } = await begun(open)
    const { body } = await put('{"a":'.repeat(150) + '1' + '}'.repeat(150))
    expect(body).toMatchObject({ result: { structuredContent: { stored: true } } })
  })

  it.each([
    ['is no JSON', '{"jsonrpc":', 400, -32700],
    ['is larger than 2 MiB', JSON.stringify('x'.repeat(2 * 1024 * 1024)), 413, -32600],
    ['is no message', '{}', 400, -32700],
  ])('is an error of JSON-RPC where it %s', async (_, text, status, code) => {
    const { post } = await begun(open)
    const answer = await post(text)
    expect(answer).toMatchObject({ status, body: { jsonrpc: '2.0', id: null, error: { code } } })
  })
})
