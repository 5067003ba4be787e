import { expect, vi } from 'vitest'
import type { CreateApprovalPolicy } from '../../../src/index.js'
import type { CodeRun } from '../../../src/mock/index.js'
import { stoppedClock, type Api, type Open } from '../door.js'
import { addSlack, begin, connect } from './kit.js'

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...parts: string[]
) => (weavz: unknown, log: unknown) => Promise<unknown>

/** A sandbox that is none: fit for code that the tests themselves write. */
export const evaluate = ({ code, weavz, log }: CodeRun) => new AsyncFunction('weavz', 'log', code)(weavz, log)

export async function withCode(open: Open) {
  const world = await begin(open, { clock: stoppedClock() })
  const { api, workspaceId, makeServer } = world
  await addSlack(api, workspaceId)
  const { server, bearerToken = '', mcpEndpoint } = await makeServer({ mode: 'CODE', authMode: 'bearer' })
  const call = (body: object) => ({ params: { id: server.id }, body }) as never
  return {
    ...world,
    server,
    refused: (code: Parameters<Api['refused']>[1], body: object) =>
      api.refused('mcpServers.executeCode', code, call(body)),
    execute: (body: object) => api.ok('mcpServers.executeCode', call(body)),
    client: () => connect(api, mcpEndpoint, bearerToken),
  }
}

/** Code that needs an approval for its second action. */
export async function gated(open: Open, terms: Partial<CreateApprovalPolicy> = {}) {
  const world = await withCode(open)
  const { api, workspaceId } = world
  const filters = { actionNames: ['send_channel_message'], sources: ['mcp_code' as const] }
  await api.ok('approvalPolicies.create', { body: { name: 'Ask', workspaceId, ...filters, ...terms } })
  const { plainKey } = await api.ok('apiKeys.create', {
    body: { name: 'Boss', permissions: { scope: 'org', approvals: { decide: true } } },
  })
  const ran: string[] = []
  api.weavz.onAction('slack', 'list_users', () => {
    ran.push('list_users')
    return [`user ${ran.length}`]
  })
  api.weavz.onAction('slack', 'send_channel_message', ({ input }) => {
    ran.push(`send ${String(input.text)}`)
    return { ok: true }
  })
  api.weavz.onExecuteCode(evaluate)
  const code = `
    const [first] = await weavz.slack.list_users()
    try {
      await weavz.slack.send_channel_message({ channel: 'C', text: first })
    } catch {}
    return 'sent to ' + first`
  const decide = (id: string, how: 'approve' | 'reject' | 'cancel') =>
    api.ok(`approvals.${how}`, {
      params: { id },
      headers: { authorization: `Bearer ${plainKey}` },
      body: {},
    })
  return { ...world, ran, code, decide }
}

/** A run that has ended because it needs an approval. */
export async function waiting(open: Open) {
  const world = await gated(open)
  const result = await world.execute({ code: world.code })
  const { approval } = result.structuredContent as { approval: { id: string } }
  const decide = (how: 'approve' | 'reject') => world.decide(approval.id, how)
  return { ...world, result, approvalId: approval.id, decide }
}

/** A call that stays open for 30 s, and the approval that it waits for. */
export async function openCall(open: Open, terms?: Partial<CreateApprovalPolicy>) {
  const world = await gated(open, terms)
  const { api, code } = world
  const done = vi.fn()
  const send = (body: object, init?: RequestInit) =>
    api.raw('POST', `/api/v1/mcp/servers/${world.server.id}/execute-code`, {
      ...{ body: JSON.stringify({ waitForApprovalSeconds: 30, ...body }) },
      ...init,
    })
  const giveUp = new AbortController()
  const call = send({ code }, { signal: giveUp.signal }).finally(done)
  const approvalId = await vi.waitFor(async () => {
    const { approvals } = await api.ok('approvals.list', { query: { status: 'pending' } })
    expect(approvals).toHaveLength(1)
    return approvals[0]?.id ?? ''
  })
  return { ...world, call, done, approvalId, send, giveUp: () => giveUp.abort() }
}
