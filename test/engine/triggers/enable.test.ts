import { expect, it } from 'vitest'
import { createEngine } from '../../../src/engine/engine.js'
import { enableTrigger } from '../../../src/engine/triggers/sources.js'
import { createWorkspace, deleteWorkspace } from '../../../src/engine/workspaces.js'

it('does not enable a trigger in a workspace that went while its headers were being sealed', async () => {
  const { vault } = createEngine()
  const engine = createEngine({
    vault: {
      ...vault,
      seal(plaintext, context) {
        deleteWorkspace(engine, workspaceId)
        return vault.seal(plaintext, context)
      },
    },
  })
  engine.catalog.register('clock', {
    ...{ displayName: 'Clock', category: 'PRODUCTIVITY', auth: null, actions: {} },
    triggers: { tick: { input: {} } },
  })
  const { id: workspaceId } = createWorkspace(engine, { name: 'Acme', slug: 'acme' })
  const body = {
    integrationName: 'clock',
    triggerName: 'tick',
    workspaceId,
    callbackUrl: 'http://localhost/',
  }
  const baseUrl = 'https://api.weavz.io'
  await expect(
    enableTrigger(engine, { ...body, callbackHeaders: { a: 'b' } }, baseUrl),
  ).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  expect(engine.state.tables.triggerSources.size).toBe(0)
})
