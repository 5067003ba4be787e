import { expect, it } from 'vitest'
import type { MountedFiles } from '../../src/mock/index.js'
import { throughBothDoors, type Open } from './door.js'
import { configure, makeEndUser, makeWorkspace } from './world.js'

type AdvancedCode = {
  storageMountScope?: 'none' | 'end_user' | 'workspace' | 'external'
  storageExternalId?: string
}

/** A workspace with a sandbox that the test plays, and with `storage` under the policy of its choice. */
async function begin(open: Open, advancedCode: AdvancedCode, persistence: object = { scope: 'workspace' }) {
  const api = await open()
  const { id: workspaceId } = await makeWorkspace(api)
  await makeEndUser(api, workspaceId, 'ada')
  await configure(api, workspaceId, { integrationName: 'advanced-code', settings: { advancedCode } })
  await configure(api, workspaceId, { integrationName: 'storage', settings: { persistence } as never })
  const seen: (MountedFiles | null)[] = []
  api.weavz.onAction('advanced-code', 'run_code', ({ files }) => {
    seen.push(files)
    files?.write('out.txt', `from code: ${new TextDecoder().decode(files.read('in.txt'))}`)
    return files?.list() ?? null
  })
  const code = (fields: object = {}) => ({
    body: {
      ...{ integrationName: 'advanced-code', actionName: 'run_code', workspaceId },
      input: { language: 'javascript', code: '1' },
      ...fields,
    },
  })
  const run = async (fields?: object) => {
    const { output } = (await api.ok('actions.execute', code(fields))) as { output: unknown }
    return output
  }
  const storage = (actionName: string, input: object, endUserId?: string) => ({
    body: { integrationName: 'storage', actionName, workspaceId, input: { ...input }, endUserId },
  })
  const write = (path: string, content: string, endUserId?: string) =>
    api.ok('actions.execute', storage('write_file', { path, content }, endUserId))
  const read = async (path: string, endUserId?: string) => {
    const { output } = (await api.ok('actions.execute', storage('read_file', { path }, endUserId))) as {
      output: Record<string, unknown>
    }
    return output
  }
  return { api, workspaceId, code, run, write, read, storage, seen }
}

throughBothDoors('the files of advanced-code', (open) => {
  it.each([{}, { storageMountScope: 'none' }] as const)('are none with %j', async (settings) => {
    const { run, write, seen } = await begin(open, settings)
    await write('in.txt', 'hidden')
    expect(await run()).toBeNull()
    expect(seen).toEqual([null])
  })

  it('are those of storage in the same namespace: of the workspace', async () => {
    const { run, write, read } = await begin(open, { storageMountScope: 'workspace' })
    await write('in.txt', 'Hi')
    expect(await run()).toEqual(['in.txt', 'out.txt'])
    expect(await read('out.txt')).toMatchObject({
      ...{ content: 'from code: Hi', size: 13, contentType: 'text/plain' },
    })
  })

  it('are those of storage in the same namespace: of an external key', async () => {
    const key = { scope: 'external', externalId: 'job_1' }
    const settings = { storageMountScope: 'external', storageExternalId: 'job_1' } as const
    const same = await begin(open, settings, key)
    await same.write('in.txt', 'Hi')
    expect(await same.run()).toEqual(['in.txt', 'out.txt'])
    const other = await begin(open, settings, { scope: 'external', externalId: 'job_2' })
    await other.write('in.txt', 'Hi')
    expect(await other.run()).toEqual(['out.txt'])
  })

  it('are those of storage in the same namespace: of the end user', async () => {
    const world = await begin(open, { storageMountScope: 'end_user' }, { scope: 'end_user' })
    const { api, workspaceId, run, write, read, storage } = world
    await makeEndUser(api, workspaceId, 'ben')
    await write('in.txt', 'of Ada', 'ada')
    expect(await run({ endUserId: 'ben' })).toEqual(['out.txt'])
    expect(await run({ endUserId: 'ada' })).toEqual(['in.txt', 'out.txt'])
    expect(await read('out.txt', 'ada')).toMatchObject({ content: 'from code: of Ada' })
    await api.refused('actions.execute', 'ACTION_FAILED', storage('read_file', { path: 'in.txt' }, 'ben'))
  })

  it('of an end user need one, as all state does', async () => {
    const { api, code, seen } = await begin(open, { storageMountScope: 'end_user' })
    for (const [endUserId, reason] of [
      [undefined, 'END_USER_REQUIRED'],
      ['nobody', 'END_USER_NOT_FOUND'],
    ]) {
      const refusal = await api.refused('actions.execute', 'VALIDATION_ERROR', code({ endUserId }))
      expect(refusal).toMatchObject({ status: 400, paths: ['body.endUserId'], details: { reason } })
    }
    expect(seen).toEqual([])
  })

  it('hold bytes, and can be deleted', async () => {
    const { api, run, storage } = await begin(open, { storageMountScope: 'workspace' })
    api.weavz.onAction('advanced-code', 'run_code', ({ files }) => {
      files?.write('a/raw', new Uint8Array([0xff, 0x00]))
      files?.write('b', 'x', 'text/csv')
      const deleted = [files?.delete('b'), files?.delete('b')]
      expect(() => files?.write('', 'x')).toThrow(TypeError)
      return [deleted, files?.list('a/'), [...(files?.read('a/raw') ?? [])], files?.read('b') ?? 'gone']
    })
    expect(await run()).toEqual([[true, false], ['a/raw'], [255, 0], 'gone'])
    const raw = storage('read_file', { path: 'a/raw', outputEncoding: 'base64' })
    expect(await api.ok('actions.execute', raw)).toMatchObject({
      output: { content: '/wA=', size: 2, contentType: 'application/octet-stream' },
    })
  })

  it('are not given to other handlers', async () => {
    const { api, storage } = await begin(open, { storageMountScope: 'workspace' })
    api.weavz.onAction('storage', 'list_files', ({ files }) => files)
    expect(await api.ok('actions.execute', storage('list_files', {}))).toMatchObject({ output: null })
  })
})
