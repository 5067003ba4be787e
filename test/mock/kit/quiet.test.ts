import { describe, expect, it } from 'vitest'
import { createMockWeavz } from '@weavz/sdk/mock'
import { clientOf, typicalSeed } from './world.js'

describe('assertQuiet', () => {
  it('names the connect sessions that nobody has ended, until they expire', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    const start = (externalId: string) =>
      clientOf(weavz).connect.createToken({
        integrationName: 'slack',
        connectionName: externalId,
        externalId,
        workspaceId: weavz.seeded.workspaces.acme,
      })
    const [ended, open] = [await start('ended'), await start('open')]
    await weavz.user.approve(ended.token)
    expect(() => weavz.assertQuiet()).toThrow(
      `The mock is not quiet:\n- Connect session ${open.sessionId} for "slack" is still PENDING`,
    )
    await weavz.clock.advance('4h')
    weavz.assertQuiet()
  })

  it('names the faults that still wait for a call', async () => {
    const weavz = createMockWeavz()
    weavz.faults.add({
      match: { endpoint: 'workspaces.list' },
      effect: { type: 'status', status: 503 },
      times: 2,
    })
    const remove = weavz.faults.add({
      match: { endpoint: 'connections.list' },
      effect: { type: 'reset' },
      times: 'always',
    })
    await clientOf(weavz)
      .workspaces.list()
      .catch(() => undefined)
    expect(() => weavz.assertQuiet()).toThrow(
      'The mock is not quiet:\n- Fault 1 (status on workspaces.list) has struck 1 times, not 2\n' +
        '- Fault 2 (reset on connections.list) has struck 0 times, not always',
    )
    remove()
    await clientOf(weavz)
      .workspaces.list()
      .catch(() => undefined)
    weavz.assertQuiet()
  })
})
