import * as sample from '../samples.js'
import { id, workspaceId, type Cases } from './case.js'

const property = { propertyName: 'channel', actionName: 'send_channel_message', workspaceId }

const enable = {
  integrationName: 'slack',
  triggerName: 'new_message',
  workspaceId,
  callbackUrl: 'https://app.example.com/events',
  callbackHeaders: { 'x-secret': 'hush' },
}

/** What runs: actions, the catalog that they are in, partials and triggers. */
export const actions = {
  'actions.execute': {
    call: (weavz) =>
      weavz.actions.execute('slack', 'send_channel_message', {
        workspaceId,
        integrationAlias: 'slack_bot',
        input: { channel: '#alerts', text: 'Alert!' },
        partialIds: [],
        idempotencyKey: 'k1',
      }),
    sends: 'POST /api/v1/actions/execute',
    body: {
      integrationName: 'slack',
      actionName: 'send_channel_message',
      workspaceId,
      integrationAlias: 'slack_bot',
      input: { channel: '#alerts', text: 'Alert!' },
      partialIds: [],
      idempotencyKey: 'k1',
    },
    headers: { 'x-weavz-source': 'sdk' },
    answers: [200, { success: true, output: { ok: true }, duration: 12 }],
  },
  'integrations.list': {
    call: (weavz) => weavz.integrations.list(),
    sends: 'GET /api/v1/integrations',
    answers: [200, { integrations: [sample.integration], total: 1, registered: ['slack'] }],
  },
  'integrations.listSummary': {
    call: (weavz) => weavz.integrations.listSummary(),
    sends: 'GET /api/v1/integrations?summary=true',
    answers: [200, { integrations: [sample.integrationSummary], total: 1, registered: [] }],
  },
  'integrations.get': {
    call: (weavz) => weavz.integrations.get('slack'),
    sends: 'GET /api/v1/integrations?name=slack',
    answers: [200, { integration: sample.integration, integrations: [sample.integration], total: 1 }],
  },
  'integrations.resolveOptions': {
    call: (weavz) => weavz.integrations.resolveOptions('slack', { ...property, searchValue: '' }),
    sends: 'POST /api/v1/integrations/slack/properties/options',
    body: { ...property, searchValue: '' },
    answers: [200, { options: [{ label: '#general', value: 'C01' }], disabled: false }],
  },
  'integrations.resolveProperty': {
    call: (weavz) => weavz.integrations.resolveProperty('slack', property),
    sends: 'POST /api/v1/integrations/slack/properties/resolve',
    body: property,
    answers: [200, { channel: { type: 'DROPDOWN', displayName: 'Channel' } }],
  },
  'integrations.oauthStatus': {
    call: (weavz) => weavz.integrations.oauthStatus(),
    sends: 'GET /api/v1/integrations/oauth-status',
    answers: [200, { configured: ['slack'] }],
  },
  'triggers.list': {
    call: (weavz) => weavz.triggers.list({ workspaceId, limit: 10 }),
    sends: `GET /api/v1/triggers?workspaceId=${workspaceId}&limit=10`,
    answers: [200, { triggers: [sample.triggerSource], total: 1 }],
  },
  'triggers.enable': {
    call: (weavz) => weavz.triggers.enable(enable),
    sends: 'POST /api/v1/triggers/enable',
    body: enable,
    answers: [201, { triggerSource: sample.triggerSource }],
  },
  'triggers.disable': {
    call: (weavz) => weavz.triggers.disable(id),
    sends: 'POST /api/v1/triggers/disable',
    body: { triggerSourceId: id },
    answers: [200, { disabled: true, triggerSourceId: id }],
  },
  'triggers.test': {
    call: (weavz) => weavz.triggers.test('slack', 'new_message'),
    sends: 'POST /api/v1/triggers/test',
    body: { integrationName: 'slack', triggerName: 'new_message' },
    answers: [200, { sampleData: { text: 'Hi' } }],
  },
  'partials.list': {
    call: (weavz) => weavz.partials.list({ workspaceId, integrationAlias: 'bugs' }),
    sends: `GET /api/v1/partials?workspaceId=${workspaceId}&integrationAlias=bugs`,
    answers: [200, { partials: [sample.partial], total: 1 }],
  },
  'partials.create': {
    call: (weavz) =>
      weavz.partials.create({ workspaceId, integrationName: 'github', name: 'Acme', actionName: null }),
    sends: 'POST /api/v1/partials',
    body: { workspaceId, integrationName: 'github', name: 'Acme', actionName: null },
    answers: [201, { partial: sample.partial }],
  },
  'partials.get': {
    call: (weavz) => weavz.partials.get(id),
    sends: `GET /api/v1/partials/${id}`,
    answers: [200, { partial: sample.partial }],
  },
  'partials.update': {
    call: (weavz) => weavz.partials.update(id, { description: null, enforcedKeys: [] }),
    sends: `PATCH /api/v1/partials/${id}`,
    body: { description: null, enforcedKeys: [] },
    answers: [200, { partial: sample.partial }],
  },
  'partials.delete': {
    call: (weavz) => weavz.partials.delete(id),
    sends: `DELETE /api/v1/partials/${id}`,
    answers: [200, { deleted: true, id }],
  },
  'partials.setDefault': {
    call: (weavz) => weavz.partials.setDefault(id),
    sends: `POST /api/v1/partials/${id}/set-default`,
    body: { isDefault: true },
    answers: [200, { partial: sample.partial }],
  },
} satisfies Cases
