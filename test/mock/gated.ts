import type { CreateApprovalPolicy } from '../../src/index.js'
import { stoppedClock, type Open } from './door.js'
import { configure, makeConnection, makeWorkspace } from './world.js'

/** A workspace where Slack runs on one connection, a policy, and a key that may decide. */
export async function gated(
  open: Open,
  terms: Partial<CreateApprovalPolicy> = {},
  options: Parameters<Open>[0] = {},
) {
  const clock = stoppedClock()
  const api = await open({ clock, ...options })
  const { id: workspaceId } = await makeWorkspace(api)
  const connection = await makeConnection(api, { workspaceId })
  const integration = await configure(api, workspaceId, {
    integrationName: 'slack',
    connectionId: connection.id,
  })
  const { policy } = await api.ok('approvalPolicies.create', { body: { name: 'Slack', ...terms } })
  const { plainKey, apiKey } = await api.ok('apiKeys.create', {
    body: { name: 'Decider', permissions: { scope: 'org', approvals: { decide: true } } },
  })
  const decider = { authorization: `Bearer ${plainKey}` }
  let runs = 0
  api.weavz.onAction('slack', 'send_channel_message', () => ++runs)

  const call = (fields: Record<string, unknown> = {}) => ({
    body: {
      ...{ integrationName: 'slack', actionName: 'send_channel_message', workspaceId },
      input: { channel: 'C1', text: 'Hi' } as Record<string, unknown>,
      idempotencyKey: 'k1',
      ...fields,
    },
  })
  const execute = async (fields?: Record<string, unknown>, headers?: Record<string, string>) =>
    api.reply('actions.execute', { ...call(fields), ...(headers && { headers }) })
  /** Executes what must wait, and answers the id of its request. */
  const request = async (fields?: Record<string, unknown>, headers?: Record<string, string>) => {
    const { status, body } = await execute(fields, headers)
    if (status !== 202) throw new Error('Expected an approval to be needed')
    return body.approval.id
  }
  const decide = async (verb: 'approve' | 'reject' | 'cancel', id: string, body?: object) =>
    api.ok(`approvals.${verb}`, { params: { id }, headers: decider, body: body as object })
  const get = async (id: string) => (await api.ok('approvals.get', { params: { id } })).approval
  return {
    ...{ api, clock, workspaceId, connection, integration, policy, apiKey, decider },
    ...{ call, execute, request, decide, get, runs: () => runs },
  }
}
