import { describe, expect, test } from 'vitest'
import { endpoints, type EndpointId } from '../../src/contract/index.js'
import { WeavzClient } from '../../src/index.js'
import { apiKey, json, script } from '../transport/support.js'
import * as sample from './samples.js'
import { actions } from './wire/actions.js'
import { approvals } from './wire/approvals.js'
import { connections } from './wire/connections.js'
import { mcpServers } from './wire/mcp-servers.js'
import { workspaces } from './wire/workspaces.js'
import { id, workspaceId, type Wire } from './wire/case.js'

const wire: Record<Exclude<EndpointId, 'health.check'>, Wire> = {
  ...workspaces,
  ...connections,
  ...actions,
  ...approvals,
  ...mcpServers,
}

function clientOver(answers: Wire['answers']) {
  const { fetch, sent } = script(json(answers[1], answers[0]))
  return { weavz: new WeavzClient({ apiKey, fetch, userAgent: 'test' }), sent }
}

describe('On the wire', () => {
  test('every endpoint of the contract has a case here, but for the health check, which no method calls', () => {
    expect(Object.keys(wire).sort()).toEqual(
      endpoints
        .map((endpoint) => endpoint.id as string)
        .filter((id) => id !== 'health.check')
        .sort(),
    )
  })

  test.each(Object.entries(wire))('%s', async (_, { call, sends, body, headers, answers }) => {
    const { weavz, sent } = clientOver(answers)
    expect(await call(weavz)).toEqual(answers[1])

    expect(sent).toHaveLength(1)
    const { method, url, ...request } = sent[0]!
    expect(`${method} ${url.href}`).toBe(sends.replace(' ', ' https://api.weavz.io'))
    expect(request.body).toEqual(body)
    expect(request.headers).toEqual({
      accept: 'application/json',
      'user-agent': 'test',
      authorization: `Bearer ${apiKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    })
  })

  test('actions.execute sends a __proto__ of parsed JSON as it is, and the names that it is given', async () => {
    const { weavz, sent } = clientOver([200, { success: true, output: null, duration: 1 }])
    const params = JSON.parse(`{"workspaceId":"${workspaceId}","actionName":"other","__proto__":{"a":1}}`)
    await weavz.actions.execute('slack', 'send_channel_message', params)
    expect(Object.entries(sent[0]!.body as object)).toEqual(
      expect.arrayContaining([
        ['integrationName', 'slack'],
        ['actionName', 'send_channel_message'],
        ['workspaceId', workspaceId],
        ['__proto__', { a: 1 }],
      ]),
    )
  })

  test('actions.execute that needs an approval answers 202 with the approval', async () => {
    const { weavz } = clientOver([202, sample.approvalRequired])
    const result = await weavz.actions.execute('slack', 'send_channel_message', {
      workspaceId,
      idempotencyKey: 'k',
    })
    expect(result).toEqual(sample.approvalRequired)
    if (result.success) expect.unreachable()
    else expect(result.approval.id).toMatch(/^apr_/)
  })

  test('an optional body that is not given is not sent', async () => {
    const { weavz, sent } = clientOver([200, sample.portal])
    await weavz.endUsers.createConnectToken(id)
    expect(sent[0]).toMatchObject({ body: undefined })
    expect(sent[0]?.headers).not.toHaveProperty('content-type')
  })
})

describe('The flat names of the documentation', () => {
  test.each<[string, Wire, Wire['call']]>([
    [
      'addIntegration',
      wire['workspaces.integrations.create'],
      ({ workspaces }) =>
        workspaces.addIntegration(workspaceId, { integrationName: 'slack', connectionId: id }),
    ],
    [
      'listIntegrations',
      wire['workspaces.integrations.list'],
      ({ workspaces }) => workspaces.listIntegrations(workspaceId),
    ],
    [
      'updateIntegration',
      wire['workspaces.integrations.update'],
      ({ workspaces }) =>
        workspaces.updateIntegration(workspaceId, id, { displayName: null, enabledActions: [] }),
    ],
    [
      'removeIntegration',
      wire['workspaces.integrations.delete'],
      ({ workspaces }) => workspaces.removeIntegration(workspaceId, id),
    ],
    [
      'addTool',
      wire['mcpServers.tools.create'],
      ({ mcpServers }) =>
        mcpServers.addTool(id, { integrationName: 'slack', actionName: 'x', partialIds: ['Acme'] }),
    ],
    [
      'updateTool',
      wire['mcpServers.tools.update'],
      ({ mcpServers }) =>
        mcpServers.updateTool(id, sample.mcpTool.id, { connectionId: null, partialIds: [] }),
    ],
    [
      'deleteTool',
      wire['mcpServers.tools.delete'],
      ({ mcpServers }) => mcpServers.deleteTool(id, sample.mcpTool.id),
    ],
  ])('%s is the same call', async (_, { sends, body, answers }, call) => {
    const { weavz, sent } = clientOver(answers)
    expect(await call(weavz)).toEqual(answers[1])
    expect(`${sent[0]?.method} ${sent[0]?.url.pathname}`).toBe(sends)
    expect(sent[0]?.body).toEqual(body)
  })
})
