import { expect, it } from 'vitest'
import { throughBothDoors } from './door.js'
import { kv, outputOf } from './with-actions.js'
import { begin, configure, makeEndUser, makeWorkspace } from './world.js'

throughBothDoors('built-ins', (open) => {
  it.each([
    [
      'hash',
      { text: 'abc', algorithm: 'sha256', encoding: 'hex' },
      { hash: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    ],
    [
      'hash',
      { text: 'abc', algorithm: 'sha1', encoding: 'base64' },
      { hash: 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=' },
    ],
    ['encode', { text: 'Ä b', encoding: 'base64' }, { encoded: 'w4QgYg==' }],
    ['encode', { text: 'Ä b', encoding: 'url' }, { encoded: '%C3%84%20b' }],
    ['encode', { text: 'Ä b', encoding: 'hex' }, { encoded: 'c3842062' }],
    ['decode', { encoded: 'w4QgYg==', encoding: 'base64' }, { decoded: 'Ä b' }],
    ['decode', { encoded: '%C3%84%20b', encoding: 'url' }, { decoded: 'Ä b' }],
    ['decode', { encoded: 'c3842062', encoding: 'hex' }, { decoded: 'Ä b' }],
  ])('hash-encode %s of %j', async (actionName, input, output) => {
    const { api, workspaceId } = await begin(open)
    const body = { integrationName: 'hash-encode', actionName, workspaceId, input }
    expect((await api.ok('actions.execute', { body })).output).toEqual(output)
  })

  it.each([
    ['decode', { encoded: '%', encoding: 'url' }, 'ACTION_FAILED'],
    ['decode', { encoded: '*', encoding: 'base64' }, 'ACTION_FAILED'],
    ['decode', { encoded: 'abc', encoding: 'hex' }, 'ACTION_FAILED'],
    ['decode', { encoded: 'ff', encoding: 'hex' }, 'ACTION_FAILED'],
    ['generate_uuid', { count: 101 }, 'ACTION_FAILED'],
    ['generate_uuid', { count: 0 }, 'ACTION_FAILED'],
    ['hash', { text: 'a', algorithm: 'md5', encoding: 'hex' }, 'VALIDATION_ERROR'],
    ['encode', { text: 'a', encoding: 'constructor' }, 'VALIDATION_ERROR'],
  ] as const)('hash-encode refuses %s of %j with %s', async (actionName, input, code) => {
    const { api, workspaceId } = await begin(open)
    const body = { integrationName: 'hash-encode', actionName, workspaceId, input }
    await api.refused('actions.execute', code, { body })
  })

  it('hash-encode makes as many UUIDs as asked for, one by default', async () => {
    const { api, workspaceId } = await begin(open)
    const make = async (input: object) => {
      const body = {
        integrationName: 'hash-encode',
        actionName: 'generate_uuid',
        workspaceId,
        input: { ...input },
      }
      return ((await api.ok('actions.execute', { body })).output as { uuids: string[] }).uuids
    }
    expect(await make({})).toHaveLength(1)
    expect(new Set(await make({ count: 100 })).size).toBe(100)
  })

  it('kv-store keeps any JSON value, tells what is missing, and keeps lists', async () => {
    const { api, workspaceId } = await begin(open)
    await configure(api, workspaceId, {
      integrationName: 'kv-store',
      settings: { persistence: { scope: 'workspace' } },
    })
    const run = (actionName: string, input: Record<string, unknown>) =>
      outputOf(api, kv(workspaceId, actionName, input))
    for (const value of [null, false, 0, '', [1], { a: { b: null } }]) {
      expect(await run('put', { key: 'k', value })).toEqual({ key: 'k', stored: true })
      expect(await run('get', { key: 'k' })).toEqual({ key: 'k', value, found: true })
    }
    expect(await run('get', { key: '__proto__' })).toEqual({ key: '__proto__', value: null, found: false })
    expect(await run('delete', { key: 'k' })).toEqual({ key: 'k', deleted: true })
    expect(await run('delete', { key: 'k' })).toEqual({ key: 'k', deleted: false })
    expect(await run('add_to_list', { key: 'l', value: { a: 1, b: 2 } })).toEqual({
      key: 'l',
      list: [{ a: 1, b: 2 }],
    })
    await run('add_to_list', { key: 'l', value: 'x' })
    expect(await run('remove_from_list', { key: 'l', value: { b: 2, a: 1 } })).toEqual({
      key: 'l',
      list: ['x'],
    })
    await run('put', { key: 'k', value: 'no list' })
    await api.refused(
      'actions.execute',
      'ACTION_FAILED',
      kv(workspaceId, 'add_to_list', { key: 'k', value: 1 }),
    )
  })

  it('that need a sandbox or a network say that they are not run offline', async () => {
    const { api, workspaceId } = await begin(open)
    const body = { integrationName: 'code', actionName: 'run_code', workspaceId, input: { code: '1' } }
    const { error } = await api.refused('actions.execute', 'ACTION_FAILED', { body })
    expect(error).toContain('not executed offline')
    api.weavz.onAction('code', 'run_code', () => 1)
    expect((await api.ok('actions.execute', { body })).output).toBe(1)
  })
})

throughBothDoors('state', (open) => {
  it('of scope end_user is each end user’s own, and the default, also without a workspace integration', async () => {
    const { api, workspaceId } = await begin(open)
    for (const name of ['u', 'v']) await makeEndUser(api, workspaceId, name)
    await outputOf(api, kv(workspaceId, 'put', { key: 'k', value: 1 }, { endUserId: 'u' }))
    await configure(api, workspaceId, { integrationName: 'kv-store' })
    const get = (endUserId: string) => outputOf(api, kv(workspaceId, 'get', { key: 'k' }, { endUserId }))
    expect(await get('u')).toMatchObject({ value: 1 })
    expect(await get('v')).toMatchObject({ found: false })
  })

  it('of scope end_user needs an end user of the workspace, by external id', async () => {
    const { api, workspaceId } = await begin(open)
    const { id } = await makeEndUser(api, workspaceId)
    const absent = await api.refused(
      'actions.execute',
      'VALIDATION_ERROR',
      kv(workspaceId, 'get', { key: 'k' }),
    )
    expect(absent).toMatchObject({ status: 400, paths: ['body.endUserId'] })
    expect(absent.details).toMatchObject({ reason: 'END_USER_REQUIRED', workspaceId, endUserId: null })
    for (const endUserId of ['nobody', id]) {
      const call = kv(workspaceId, 'get', { key: 'k' }, { endUserId })
      const { details } = await api.refused('actions.execute', 'VALIDATION_ERROR', call)
      expect(details).toMatchObject({ reason: 'END_USER_NOT_FOUND', endUserId })
    }
  })

  it('of scope workspace is shared by everybody in it, across aliases, and by nobody else', async () => {
    const { api, workspaceId } = await begin(open)
    const { id: otherId } = await makeWorkspace(api, 'other')
    await makeEndUser(api, workspaceId, 'u')
    const settings = { persistence: { scope: 'workspace' } } as const
    await configure(api, workspaceId, { integrationName: 'kv-store', alias: 'a', settings })
    await configure(api, workspaceId, { integrationName: 'kv-store', alias: 'b', settings })
    await configure(api, otherId, { integrationName: 'kv-store', settings })
    await outputOf(api, kv(workspaceId, 'put', { key: 'k', value: 1 }, { integrationAlias: 'a' }))
    const call = kv(workspaceId, 'get', { key: 'k' }, { integrationAlias: 'b', endUserId: 'u' })
    expect(await outputOf(api, call)).toMatchObject({ value: 1 })
    expect(await outputOf(api, kv(otherId, 'get', { key: 'k' }))).toMatchObject({ found: false })
  })

  it('of scope external goes by its key, and apart from the other scopes', async () => {
    const { api, workspaceId } = await begin(open)
    for (const [alias, persistence] of Object.entries<{
      scope: 'external' | 'workspace'
      externalId?: string
    }>({
      ...{
        a: { scope: 'external', externalId: 'tenant_1' },
        b: { scope: 'external', externalId: 'tenant_1' },
      },
      ...{ c: { scope: 'external', externalId: 'tenant_2' }, d: { scope: 'workspace' } },
    })) {
      await configure(api, workspaceId, { integrationName: 'kv-store', alias, settings: { persistence } })
    }
    const at = (integrationAlias: string, actionName: string, input: Record<string, unknown>) =>
      outputOf(api, kv(workspaceId, actionName, input, { integrationAlias }))
    await at('a', 'put', { key: 'k', value: 1 })
    expect(await at('b', 'get', { key: 'k' })).toMatchObject({ value: 1 })
    expect(await at('c', 'get', { key: 'k' })).toMatchObject({ found: false })
    expect(await at('d', 'get', { key: 'k' })).toMatchObject({ found: false })
  })

  it('cannot be steered by input', async () => {
    const { api, workspaceId } = await begin(open)
    const persistence = { scope: 'workspace' }
    const call = kv(workspaceId, 'get', { key: 'k', persistence, settings: { persistence }, endUserId: 'u' })
    await api.refused('actions.execute', 'VALIDATION_ERROR', call)
    await api.refused(
      'actions.execute',
      'VALIDATION_ERROR',
      kv(workspaceId, 'get', { key: 'k' }, { settings: {} }),
    )
  })

  it('is not needed for what fails before it', async () => {
    const { api, workspaceId } = await begin(open)
    const { paths } = await api.refused('actions.execute', 'VALIDATION_ERROR', kv(workspaceId, 'get', {}))
    expect(paths).toEqual(['body.input.key'])
  })
})
