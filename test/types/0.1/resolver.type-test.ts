import {
  applyFix,
  audit,
  describeWorld,
  diff,
  explain,
  render,
  resolve,
  toErrorDetails,
} from '@weavz/sdk/resolver'
import type { Explanation, ListableWorld, Resolution, ResolutionRequest, World } from '@weavz/sdk/resolver'
import { isA } from '../expect.js'

const request: ResolutionRequest = {
  kind: 'execute',
  workspaceId: 'acme',
  integrationName: 'slack',
  actionName: 'send_channel_message',
  endUserId: undefined,
  connectionExternalId: null,
}

export function decides(): void {
  const world: ListableWorld = describeWorld({
    integrations: [{ name: 'slack' }, { name: 'datetime', auth: null }],
    workspaces: [{ id: 'acme' }],
    workspaceIntegrations: [
      { id: 'wi', workspaceId: 'acme', integrationName: 'slack', connectionStrategy: 'fixed' },
    ],
    endUsers: [{ id: 'eu', workspaceId: 'acme', externalId: 'ava' }],
    connections: [{ id: 'c', integrationName: 'slack', externalId: 'x', workspaceId: 'acme' }],
  })
  isA<World>()(world)
  const resolution: Resolution = resolve(world, request)
  switch (resolution.outcome) {
    case 'resolved':
      isA<string>()(resolution.connection.id)
      isA<string>()(resolution.via)
      break
    case 'not-needed':
      isA<string | undefined>()(resolution.connection?.id)
      break
    case 'denied':
      isA<number>()(resolution.status)
      isA<string | null>()(resolution.reason)
      isA<object | undefined>()(toErrorDetails(world, request, resolution))
  }

  const explanation: Explanation = explain(world, request)
  isA<string>()(render(explanation, 'markdown'))
  isA<boolean>()(diff(explanation, explain(world, { ...request, endUserId: 'ava' })).same)
  isA<string>()(render(audit(world), 'text'))
  for (const { rung, status, because, facts } of explanation.steps) console.log(rung, status, because, facts)
  for (const fix of explanation.fixes) resolve(applyFix({ world, request }, fix).world, request)
}
