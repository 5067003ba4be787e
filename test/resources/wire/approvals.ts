import * as sample from '../samples.js'
import { id, workspaceId, type Cases } from './case.js'

const trial = {
  policy: { name: 'Slack', integrationNames: ['slack'] },
  context: { integrationName: 'slack', actionName: 'send_channel_message' },
}

const approvalId = sample.approval.id

const decided = {
  approval: { ...sample.approval, status: 'approved' },
  receipt: { id, expiresAt: sample.approval.expiresAt },
}

/** Approval policies, and the requests that come of them. */
export const approvals = {
  'approvalPolicies.list': {
    call: (weavz) => weavz.approvalPolicies.list({ workspaceId }),
    sends: `GET /api/v1/approval-policies?workspaceId=${workspaceId}`,
    answers: [200, { policies: [sample.policy], total: 1 }],
  },
  'approvalPolicies.create': {
    call: (weavz) => weavz.approvalPolicies.create({ name: 'Slack', workspaceId: null, priority: 0 }),
    sends: 'POST /api/v1/approval-policies',
    body: { name: 'Slack', workspaceId: null, priority: 0 },
    answers: [201, { policy: sample.policy }],
  },
  'approvalPolicies.test': {
    call: (weavz) => weavz.approvalPolicies.test(trial),
    sends: 'POST /api/v1/approval-policies/test',
    body: trial,
    answers: [200, { decision: 'require_approval', matched: true, reasons: ['riskMode: always'] }],
  },
  'approvalPolicies.get': {
    call: (weavz) => weavz.approvalPolicies.get(id),
    sends: `GET /api/v1/approval-policies/${id}`,
    answers: [200, { policy: sample.policy }],
  },
  'approvalPolicies.update': {
    call: (weavz) => weavz.approvalPolicies.update(id, { enabled: false, description: null }),
    sends: `PATCH /api/v1/approval-policies/${id}`,
    body: { enabled: false, description: null },
    answers: [200, { policy: sample.policy }],
  },
  'approvalPolicies.delete': {
    call: (weavz) => weavz.approvalPolicies.delete(id),
    sends: `DELETE /api/v1/approval-policies/${id}`,
    answers: [200, { deleted: true, id }],
  },
  'approvals.list': {
    call: (weavz) => weavz.approvals.list({ status: 'pending', source: 'sdk', limit: 5 }),
    sends: 'GET /api/v1/approvals?status=pending&source=sdk&limit=5',
    answers: [200, { approvals: [sample.approval], total: 1 }],
  },
  'approvals.get': {
    call: (weavz) => weavz.approvals.get(approvalId),
    sends: `GET /api/v1/approvals/${approvalId}`,
    answers: [200, { approval: { ...sample.approval, webhookDeliveries: [] } }],
  },
  'approvals.approve': {
    call: (weavz) => weavz.approvals.approve(approvalId, { reason: 'Fine', metadata: { by: 'Ada' } }),
    sends: `POST /api/v1/approvals/${approvalId}/approve`,
    body: { reason: 'Fine', metadata: { by: 'Ada' } },
    answers: [200, decided],
  },
  'approvals.reject': {
    call: (weavz) => weavz.approvals.reject(approvalId),
    sends: `POST /api/v1/approvals/${approvalId}/reject`,
    answers: [200, { ...decided, receipt: {} }],
  },
  'approvals.cancel': {
    call: (weavz) => weavz.approvals.cancel(approvalId, { reason: 'Too late' }),
    sends: `POST /api/v1/approvals/${approvalId}/cancel`,
    body: { reason: 'Too late' },
    answers: [200, decided],
  },
} satisfies Cases
