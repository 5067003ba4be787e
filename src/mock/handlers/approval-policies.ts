import * as policies from '../../engine/approvals/policies.js'
import { deleted, type HandlersOf } from '../handler.js'

export const approvalPoliciesHandlers: HandlersOf<'approvalPolicies'> = {
  'approvalPolicies.list': (engine, { query, visible }) => {
    const items = policies.listPolicies(engine, query, visible)
    return { status: 200, body: { policies: items, total: items.length } }
  },
  'approvalPolicies.create': (engine, { body }) => ({
    status: 201,
    body: { policy: policies.createPolicy(engine, body) },
  }),
  'approvalPolicies.test': (engine, { body }) => ({ status: 200, body: policies.testPolicy(engine, body) }),
  'approvalPolicies.get': (engine, { params }) => ({
    status: 200,
    body: { policy: policies.getPolicy(engine, params.id) },
  }),
  'approvalPolicies.update': (engine, { params, body }) => ({
    status: 200,
    body: { policy: policies.updatePolicy(engine, params.id, body) },
  }),
  'approvalPolicies.delete': (engine, { params }) => {
    policies.deletePolicy(engine, params.id)
    return deleted(params.id)
  },
}
