import { describe, expect, it } from 'vitest'
import { describeWorld, explain, resolve, type WorldDescription } from '@weavz/sdk/resolver'

const world = (status: 'ACTIVE' | 'ERROR' = 'ACTIVE') => describeWorld(description(status))

function description(status: 'ACTIVE' | 'ERROR'): WorldDescription {
  const slack = { integrationName: 'slack', workspaceId: 'ws' }
  return {
    integrations: [{ name: 'slack' }, { name: 'github' }, { name: 'kv-store', auth: null }],
    workspaces: [{ id: 'ws' }, { id: 'other' }],
    workspaceIntegrations: [
      { ...slack, id: 'wi-user', alias: 'slack_user', connectionStrategy: 'per_user' },
      { ...slack, id: 'wi-bot', alias: 'slack_bot', connectionId: 'c-shared', authMethodKey: 'api_key' },
    ],
    endUsers: [{ id: 'eu-ada', workspaceId: 'ws', externalId: 'ada' }],
    connections: [
      { ...slack, id: 'c-shared', externalId: 'shared', scope: 'WORKSPACE', authMethodKey: 'api_key' },
      { ...slack, id: 'c-tool', externalId: 'tool', scope: 'WORKSPACE', authMethodKey: 'oauth2', status },
      { ...slack, id: 'c-ada', externalId: 'ada', scope: 'USER', endUserId: 'ada' },
      { ...slack, id: 'c-other', externalId: 'away', scope: 'WORKSPACE', workspaceId: 'other' },
      { id: 'c-git', integrationName: 'github', externalId: 'git', scope: 'ORGANIZATION' },
    ],
  }
}

const request = (toolConnectionId: string) =>
  ({ kind: 'execute', workspaceId: 'ws', integrationName: 'slack', toolConnectionId }) as const

describe('The connection that an MCP tool has of its own', () => {
  it.each([
    ['per_user', { integrationAlias: 'slack_user' }, 'wi-user'],
    [
      'per_user, for an end user who has connected',
      { integrationAlias: 'slack_user', endUserId: 'ada' },
      'wi-user',
    ],
    ['fixed with another auth method', { integrationAlias: 'slack_bot' }, 'wi-bot'],
  ])('takes the place of the strategy: %s', (_, selector, id) => {
    const answer = resolve(world(), { ...request('c-tool'), ...selector })
    expect(answer).toMatchObject({
      ...{ outcome: 'resolved', via: 'pinned' },
      ...{ connection: { id: 'c-tool' }, workspaceIntegration: { id } },
    })
  })

  it('targets no workspace integration where several have the name and none is selected', () => {
    const answer = resolve(world(), request('c-tool'))
    expect(answer).toMatchObject({ connection: { id: 'c-tool' }, workspaceIntegration: null })
  })

  it.each([
    ['is gone', 'c-gone'],
    ['is of another workspace', 'c-other'],
    ['is of another integration', 'c-git'],
  ])('is PINNED_CONNECTION_DELETED if it %s: nothing else is tried', (_, id) => {
    const answer = resolve(world(), { ...request(id), integrationAlias: 'slack_bot', endUserId: 'ada' })
    expect(answer).toMatchObject({ code: 'CONNECTION_REQUIRED', reason: 'PINNED_CONNECTION_DELETED' })
  })

  it('is CONNECTION_IN_ERROR if it is in error', () => {
    const answer = resolve(world('ERROR'), { ...request('c-tool'), integrationAlias: 'slack_bot' })
    expect(answer).toMatchObject({ reason: 'CONNECTION_IN_ERROR', connection: { id: 'c-tool' } })
  })

  it('is passed along, or missed without harm, where no account is needed', () => {
    const answer = resolve(world(), { ...request('c-gone'), integrationName: 'kv-store' })
    expect(answer).toMatchObject({ outcome: 'not-needed', connection: null })
  })

  it('is explained as it is resolved', () => {
    const explanation = explain(world(), { ...request('c-tool'), integrationAlias: 'slack_user' })
    expect(explanation.outcome).toMatchObject({ outcome: 'resolved', connectionId: 'c-tool', via: 'pinned' })
    expect(explanation.request.toolConnectionId).toBe('c-tool')
    expect(explanation.candidates[0]).toMatchObject({ connectionId: 'c-tool', verdict: 'selected' })
    expect(explanation.candidates[0]?.predicates.every(({ holds }) => holds)).toBe(true)
    const step = explanation.steps.find(({ rung }) => rung === 'workspace-integration')
    expect(step).toMatchObject({ status: 'applied', facts: { pinnedConnectionId: 'c-tool' } })
  })

  it('offers no fix of the workspace integration, which it bypasses', () => {
    const explanation = explain(world(), { ...request('c-gone'), integrationAlias: 'slack_bot' })
    expect(explanation).toMatchObject({ outcome: { outcome: 'denied' }, fixes: [] })
  })
})
