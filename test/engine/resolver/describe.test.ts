import { describe, expect, it } from 'vitest'
import { describeWorld, WorldDescriptionError, type WorldDescription } from '@weavz/sdk/resolver'

const base = {
  integrations: [{ name: 'slack' }],
  workspaces: [{ id: 'ws' }],
  endUsers: [{ id: 'eu', workspaceId: 'ws', externalId: 'ada' }],
} satisfies WorldDescription
const connection = { id: 'c', integrationName: 'slack', externalId: 'x' }

function issues(description: unknown): string[] {
  try {
    describeWorld(description as WorldDescription)
  } catch (error) {
    if (error instanceof WorldDescriptionError)
      return error.issues.map(({ path, message }) => `${path}: ${message}`)
    throw error
  }
  return []
}

describe('a world description', () => {
  it('takes the objects of the API as they come and fills in its defaults', () => {
    const world = describeWorld({
      ...base,
      workspaceIntegrations: [{ id: 'wi', workspaceId: 'ws', integrationName: 'slack' }],
      connections: [
        connection,
        { ...connection, id: 'c-ws', workspaceId: 'ws' },
        {
          ...connection,
          id: 'c-ada',
          externalId: 'y',
          workspaceId: 'ws',
          endUserId: 'ada',
          updatedAt: '2025-01-01T01:00:00+01:00',
        },
      ],
    })
    expect(world.workspaceIntegration('ws', 'wi')).toEqual({
      id: 'wi',
      workspaceId: 'ws',
      integrationName: 'slack',
      alias: 'slack',
      connectionStrategy: 'fixed',
      connectionId: null,
      authMethodKey: null,
      enabledActions: null,
      settings: {},
    })
    expect(world.connection('c')?.scope).toBe('ORGANIZATION')
    expect(world.connection('c-ws')?.scope).toBe('WORKSPACE')
    expect(world.connection('c-ada')).toMatchObject({
      scope: 'USER',
      status: 'ACTIVE',
      updatedAt: '2025-01-01T00:00:00.000Z',
    })
  })

  it('drops what it does not need, credentials above all', () => {
    const withSecret = { ...connection, secretText: 'xoxb-not-for-us', displayName: 'Slack' }
    const kept = describeWorld({ ...base, connections: [withSecret] }).connection('c')
    expect(Object.keys(kept ?? {})).not.toContain('secretText')
  })

  it.each<[string, unknown, string]>([
    ['a wrong type', { ...base, workspaces: [{ id: 7 }] }, 'workspaces[0].id: expected string'],
    ['no object at all', null, 'world: expected object'],
    ['an empty id', { workspaces: [{ id: '' }] }, 'workspaces[0].id: must not be empty'],
    [
      'a value outside its enum',
      { ...base, connections: [{ ...connection, status: 'BROKEN' }] },
      'connections[0].status: expected one of ACTIVE, ERROR',
    ],
    [
      'a date that is none',
      { ...base, connections: [{ ...connection, updatedAt: 'yesterday' }] },
      'connections[0].updatedAt: expected an ISO 8601 date and time',
    ],
    [
      'an unknown integration',
      { ...base, connections: [{ ...connection, integrationName: 'slak' }] },
      'connections[0].integrationName: names no integration',
    ],
    [
      'an unknown workspace',
      { ...base, connections: [{ ...connection, workspaceId: 'nowhere' }] },
      'connections[0].workspaceId: names no workspace',
    ],
    [
      'an unknown owner',
      { ...base, connections: [{ ...connection, workspaceId: 'ws', endUserId: 'eu' }] },
      'connections[0].endUserId: names no end user of the workspace',
    ],
    [
      'a personal connection without owner',
      { ...base, connections: [{ ...connection, scope: 'USER', workspaceId: 'ws' }] },
      'connections[0].endUserId: is required for scope USER',
    ],
    [
      'a workspace connection without workspace',
      { ...base, connections: [{ ...connection, scope: 'WORKSPACE' }] },
      'connections[0].workspaceId: is required for scope WORKSPACE',
    ],
    [
      'an owner in another scope',
      { ...base, connections: [{ ...connection, scope: 'ORGANIZATION', endUserId: 'ada' }] },
      'connections[0].scope: must be USER where endUserId is given',
    ],
    [
      'an external id twice',
      { ...base, connections: [connection, { ...connection, id: 'c2' }] },
      'connections[1].externalId: is taken for that integration',
    ],
    [
      'an id twice',
      { ...base, connections: [connection, { ...connection, externalId: 'y' }] },
      'connections[1].id: is there twice',
    ],
    [
      'an end user twice',
      { ...base, endUsers: [...base.endUsers, { ...base.endUsers[0], id: 'eu2' }] },
      'endUsers[1].externalId: is taken in the workspace',
    ],
    [
      'an alias twice',
      {
        ...base,
        workspaceIntegrations: ['a', 'b'].map((id) => ({ id, workspaceId: 'ws', integrationName: 'slack' })),
      },
      'workspaceIntegrations[1].alias: is taken in the workspace',
    ],
  ])('says where it is wrong: %s', (_, description, expected) => {
    expect(issues(description)).toEqual([expected])
  })

  it('may pin a connection that is gone: that is what a deletion leaves behind', () => {
    expect(
      issues({
        ...base,
        workspaceIntegrations: [
          { id: 'wi', workspaceId: 'ws', integrationName: 'slack', connectionId: 'gone' },
        ],
      }),
    ).toEqual([])
  })

  it('is not repeated in its own error: a secret may stand in the wrong place', () => {
    const error = issues({ ...base, connections: [{ ...connection, status: 'xoxb-secret' }] }).join()
    expect(error).not.toContain('xoxb-secret')
  })
})
