import { expect, it } from 'vitest'
import { throughBothDoors } from './door.js'
import { refuseToCreate, withIntegrations } from './with-integrations.js'
import { configure } from './world.js'

throughBothDoors('settings', (open) => {
  it.each([
    ['kv-store', { persistence: { scope: 'workspace' } }],
    ['storage', { persistence: {} }],
    ['agent-memory', { persistence: { scope: 'external', externalId: 'tenant_1' } }],
    ['agent-scratchpad', { persistence: { scope: 'end_user', externalId: 'kept' } }],
    ['sequential-thinking', {}],
    ['advanced-code', { advancedCode: { timeoutSeconds: 60, sandboxPersistence: 'persistent' } }],
    ['advanced-code', { advancedCode: { storageMountScope: 'external', storageExternalId: 'job_1' } }],
  ] as const)('of %s are stored and echoed as they were sent: %j', async (integrationName, settings) => {
    const { api, workspaceId, params } = await withIntegrations(open)
    const { id } = await configure(api, workspaceId, { integrationName, settings })
    const { integrations } = await api.ok('workspaces.integrations.list', { params })
    expect(integrations[0]?.settings).toEqual(settings)
    const patch = { params: { ...params, id }, body: { settings: null } }
    expect((await api.ok('workspaces.integrations.update', patch)).integration.settings).toEqual({})
  })

  it.each([
    ['hash-encode', { persistence: {} }, 'persistence'],
    ['slack', { persistence: { scope: 'workspace' } }, 'persistence'],
    ['kv-store', { advancedCode: {} }, 'advancedCode'],
    ['advanced-code', { persistence: {} }, 'persistence'],
    ['kv-store', { localBrowser: {} }, 'localBrowser'],
    ['kv-store', { persistence: { scope: 'external' } }, 'persistence.externalId'],
    ['kv-store', { persistence: { scope: 'external', externalId: '' } }, 'persistence.externalId'],
    ['kv-store', { persistence: { scope: 'global' } }, 'persistence.scope'],
    ['kv-store', { persistence: { color: 1 } }, 'persistence.color'],
    ['kv-store', { color: 1 }, 'color'],
    ['kv-store', { persistence: null }, 'persistence'],
    ['advanced-code', { advancedCode: { storageMountScope: 'external' } }, 'advancedCode.storageExternalId'],
    ['advanced-code', { advancedCode: { timeoutSeconds: 0 } }, 'advancedCode.timeoutSeconds'],
    ['advanced-code', { advancedCode: { timeoutSeconds: 61 } }, 'advancedCode.timeoutSeconds'],
    ['advanced-code', { advancedCode: { timeoutSeconds: 1.5 } }, 'advancedCode.timeoutSeconds'],
  ])('of %s are refused: %j', async (integrationName, settings, path) => {
    const { api, workspaceId, params } = await withIntegrations(open)
    const strategy = { integrationName, connectionStrategy: 'per_user' as const }
    const { paths } = await refuseToCreate(api, workspaceId, { ...strategy, settings })
    expect(paths).toEqual([`body.settings.${path}`])
    const { id } = await configure(api, workspaceId, strategy)
    const patch = { params: { ...params, id }, body: { settings } }
    await api.refused('workspaces.integrations.update', 'VALIDATION_ERROR', patch)
  })

  it('are replaced as a whole by a PATCH', async () => {
    const { api, workspaceId, params } = await withIntegrations(open)
    const { id } = await configure(api, workspaceId, {
      ...{ integrationName: 'kv-store', settings: { persistence: { scope: 'external', externalId: 'a' } } },
    })
    const settings = { persistence: { scope: 'workspace' } } as const
    const patch = { params: { ...params, id }, body: { settings } }
    expect((await api.ok('workspaces.integrations.update', patch)).integration.settings).toEqual(settings)
  })
})
