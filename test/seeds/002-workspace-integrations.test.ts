import { describe, expect, it } from 'vitest'
import { makeWorkspace, openOffline } from './world.js'

const key = 'wvz_your_api_key'

describe('Page 002 Workspace integrations answers as documented, JSON', () => {
  it.each([
    {
      place: 'Advanced Code settings',
      body: {
        integrationName: 'advanced-code',
        alias: 'advanced_code',
        settings: {
          advancedCode: {
            timeoutSeconds: 45,
            sandboxPersistence: 'persistent',
            storageMountScope: 'workspace',
          },
        },
      },
    },
    {
      place: 'Stateful tool settings',
      body: {
        integrationName: 'kv-store',
        alias: 'workspace_kv',
        settings: {
          persistence: {
            scope: 'workspace',
          },
        },
      },
    },
  ])('$place', async ({ body }) => {
    const { client } = openOffline(key)
    const path = `/api/v1/workspaces/${await makeWorkspace(client)}/integrations`
    const { data, response } = await client.request(path, { body }).withResponse()
    expect(response.status).toBe(201)
    expect(data).toMatchObject({ integration: { ...body, connectionId: null } })
  })

  it.each([
    ['scope external needs its externalId', 'kv-store', { persistence: { scope: 'external' } }],
    [
      'storageMountScope external needs its storageExternalId',
      'advanced-code',
      { advancedCode: { storageMountScope: 'external' } },
    ],
    ['timeoutSeconds is at most 60', 'advanced-code', { advancedCode: { timeoutSeconds: 61 } }],
  ])('Settings tables: %s', async (_, integrationName, settings) => {
    const { client } = openOffline(key)
    const path = `/api/v1/workspaces/${await makeWorkspace(client)}/integrations`
    await expect(client.request(path, { body: { integrationName, settings } })).rejects.toMatchObject({
      status: 400,
      code: 'VALIDATION_ERROR',
    })
  })
})
