import type { DecideApproval } from '../../contract/approvals.js'
import { decideApproval, type Decision } from '../../engine/approvals/decisions.js'
import { getApproval, listApprovals } from '../../engine/approvals/requests.js'
import type { Engine } from '../../engine/engine.js'
import type { HandlerRequest, HandlersOf } from '../handler.js'

type DecisionRequest = Pick<HandlerRequest, 'apiKey'> & { params: { id: string }; body: DecideApproval }

const decide =
  (decision: Decision) =>
  (engine: Engine, { params, body, apiKey }: DecisionRequest) =>
    ({ status: 200, body: decideApproval(engine, params.id, decision, body, apiKey) }) as const

export const approvalsHandlers: HandlersOf<'approvals'> = {
  'approvals.list': (engine, { query, visible }) => {
    const { items, total } = listApprovals(engine, query, visible)
    return { status: 200, body: { approvals: items, total } }
  },
  'approvals.get': (engine, { params }) => ({
    status: 200,
    body: { approval: getApproval(engine, params.id) },
  }),
  'approvals.approve': decide('approved'),
  'approvals.reject': decide('rejected'),
  'approvals.cancel': decide('canceled'),
}
