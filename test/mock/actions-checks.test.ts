import { expect, it } from 'vitest'
import { throughBothDoors } from './door.js'
import { kv, withSlack } from './with-actions.js'
import { begin, configure, nobody } from './world.js'

throughBothDoors('the checks of actions/execute', (open) => {
  it('come in the documented order: body, workspace, integration, action, selection', async () => {
    const { api, workspaceId, integration } = await withSlack(open)
    const wrong: Record<string, unknown> = {
      ...{ workspaceId: nobody, integrationName: 'slak', actionName: 'send', color: 'red' },
      ...{ integrationAlias: 'nothing', input: { text: 5 }, partialIds: ['nothing'] },
    }
    const refused = (code: Parameters<typeof api.refused>[1]) =>
      api.refused('actions.execute', code, { body: wrong })
    await refused('VALIDATION_ERROR')
    delete wrong.color
    await refused('NOT_FOUND')
    wrong.workspaceId = workspaceId
    await refused('INTEGRATION_NOT_FOUND')
    wrong.integrationName = 'slack'
    await refused('ACTION_NOT_FOUND')
    wrong.actionName = 'send_channel_message'
    expect((await refused('NOT_FOUND')).details).toMatchObject({ reason: 'ALIAS_NOT_FOUND' })
    const params = { workspaceId, id: integration.id }
    await api.ok('workspaces.integrations.update', { params, body: { enabledActions: ['list_users'] } })
    wrong.integrationAlias = 'slack'
    wrong.connectionExternalId = 'nothing'
    const notAllowed = await refused('ACTION_NOT_ALLOWED')
    expect(notAllowed).toMatchObject({ status: 403, details: { reason: 'ACTION_NOT_ALLOWED' } })
    await api.ok('workspaces.integrations.update', { params, body: { enabledActions: null } })
    expect((await refused('CONNECTION_REQUIRED')).details).toMatchObject({ reason: 'EXPLICIT_NOT_FOUND' })
    delete wrong.connectionExternalId
    expect((await refused('PARTIAL_NOT_FOUND')).status).toBe(404)
    wrong.partialIds = []
    const { paths } = await refused('VALIDATION_ERROR')
    expect(paths.sort()).toEqual(['body.input.channel', 'body.input.text'])
    wrong.input = { channel: 'C1', text: 'Hi' }
    await api.ok('actions.execute', { body: wrong as never })
  })

  it.each([
    [{}, ['channel', 'text']],
    [{ channel: 'C1' }, ['text']],
    [{ channel: 'C1', text: null }, ['text']],
    [{ channel: 5, text: ['x'] }, ['channel', 'text']],
    [{ channel: 'C1', text: 'x', unfurl_links: 'yes' }, ['unfurl_links']],
    [{ channel: 'C1', text: 'x', __proto__: null, constructor: 1, unknown: {} }, []],
    [{ channel: 'C1', text: 'x', blocks: [{ type: 'section' }] }, []],
  ])('hold the input against the catalog: %j', async (input, wrong) => {
    const { api, call } = await withSlack(open)
    if (wrong.length === 0) return void (await api.ok('actions.execute', call({ input })))
    const { paths } = await api.refused('actions.execute', 'VALIDATION_ERROR', call({ input }))
    expect(paths.sort()).toEqual(wrong.map((name) => `body.input.${name}`))
  })

  it.each([
    [{ integrationName: '' }, 'integrationName'],
    [{ actionName: undefined }, 'actionName'],
    [{ workspaceId: undefined }, 'workspaceId'],
    [{ input: [] }, 'input'],
    [{ input: null }, 'input'],
    [{ endUserId: '' }, 'endUserId'],
    [{ partialIds: 'x' }, 'partialIds'],
    [{ partialIds: [''] }, 'partialIds.0'],
    [{ connectionId: nobody }, 'connectionId'],
  ])('refuse %j', async (fields, field) => {
    const { api, call } = await withSlack(open)
    const { paths } = await api.refused('actions.execute', 'VALIDATION_ERROR', call(fields))
    expect(paths).toEqual([`body.${field}`])
  })

  it('know prototype names as no actions', async () => {
    const { api, call } = await withSlack(open)
    for (const actionName of ['constructor', '__proto__', 'toString']) {
      await api.refused('actions.execute', 'ACTION_NOT_FOUND', call({ actionName }))
    }
  })

  it('allow nothing where enabledActions is empty, also for built-ins', async () => {
    const { api, workspaceId } = await begin(open)
    await configure(api, workspaceId, { integrationName: 'kv-store', enabledActions: [] })
    await api.refused(
      'actions.execute',
      'ACTION_NOT_ALLOWED',
      kv(workspaceId, 'list', {}, { actionName: 'get' }),
    )
  })

  it('tell of a selected integration of another name in both shapes of details', async () => {
    const { api, workspaceId, call } = await withSlack(open)
    const { id } = await configure(api, workspaceId, { integrationName: 'kv-store' })
    for (const selector of [{ workspaceIntegrationId: id }, { integrationAlias: 'kv-store' }]) {
      const { details, paths } = await api.refused('actions.execute', 'VALIDATION_ERROR', call(selector))
      expect(details).toMatchObject({ reason: 'SELECTOR_MISMATCH', steps: expect.any(Array) })
      expect(paths).toEqual([`body.${Object.keys(selector)[0]}`])
    }
  })

  it('run an action that fails after them all, and leave no trace of one that does not', async () => {
    const { api, workspaceId, call } = await withSlack(open)
    let runs = 0
    api.weavz.onAction('slack', 'send_channel_message', () => runs++)
    await api.refused('actions.execute', 'VALIDATION_ERROR', call({ input: {} }))
    await api.refused('actions.execute', 'CONNECTION_REQUIRED', call({ connectionExternalId: 'nothing' }))
    expect(runs).toBe(0)
    // No end user comes into being on the way
    await api.ok('actions.execute', call({ endUserId: 'ghost' }))
    expect((await api.ok('endUsers.list', { query: { workspaceId } })).total).toBe(0)
  })
})
