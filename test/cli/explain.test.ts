import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, afterAll, describe, expect, it } from 'vitest'
import { startMock, weavz } from './weavz.js'

const uuid = '6f4b1c1e-2f44-46b7-a67d-8a1a8f4f9e32'
const world = {
  integrations: [{ name: 'slack' }],
  workspaces: [{ id: 'w1' }],
  workspaceIntegrations: [
    {
      id: 'wi1',
      workspaceId: 'w1',
      integrationName: 'slack',
      alias: 'slack_user',
      connectionStrategy: 'per_user',
    },
  ],
  endUsers: [{ id: uuid, workspaceId: 'w1', externalId: 'user_123' }],
  connections: [
    { id: 'c1', integrationName: 'slack', externalId: 'x', workspaceId: 'w1', endUserId: 'user_123' },
  ],
}

let folder: string
let file: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'weavz-explain-'))
  file = path.join(folder, 'world.json')
  await writeFile(file, JSON.stringify(world))
})
afterAll(() => rm(folder, { recursive: true }))

const call = ['--workspace', 'w1', '--integration', 'slack']

describe('weavz explain', () => {
  it('over a world file tells the connection, and exits with 0', () => {
    const { exitCode, stdout } = weavz('explain', '--world', file, ...call, '--end-user', 'user_123')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('resolved to c1 via own')
  })

  it('tells why a call is refused and what would mend it, and exits with 3', () => {
    const { exitCode, stdout } = weavz('explain', '--world', file, ...call, '--end-user', uuid)
    expect(exitCode).toBe(3)
    expect(stdout).toContain('END_USER_NOT_FOUND')
    expect(stdout).toContain('Pass endUserId: "user_123"')
  })

  it('over a running mock asks that one', async () => {
    const mock = await startMock('--port', '0', '--json')
    const { url } = JSON.parse(mock.line) as { url: string }
    const { exitCode, stdout } = weavz('explain', '--url', url, '--integration', 'slack', '--format', 'json')
    await mock.stop('SIGTERM')
    expect(exitCode).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ type: 'explanation', outcome: { outcome: 'denied' } })
  })

  it.each([
    ['neither a world nor a mock', call, '--world'],
    ['both', ['--world', 'a.json', '--url', 'http://127.0.0.1:1', ...call], '--world'],
    ['a file that is not there', ['--world', 'nowhere.json', ...call], 'nowhere.json'],
    ['an unknown format', ['--world', 'x', '--format', 'pdf', ...call], '--format'],
    ['no integration', ['--world', 'x'], '--integration'],
    ['a misspelt option', ['--wrold', 'x'], '--wrold'],
  ])('says in one sentence what is wrong with %s, and exits with 2', (_, args, named) => {
    const { exitCode, stdout, stderr } = weavz('explain', ...args)
    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain(named)
  })

  it('says which field of a world file is wrong', async () => {
    const broken = path.join(folder, 'broken.json')
    await writeFile(broken, JSON.stringify({ ...world, connections: [{ id: 'c1' }] }))
    const { exitCode, stderr } = weavz('explain', '--world', broken, ...call)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('connections')
  })

  it('says that no mock answers, and exits with 1', () => {
    const { exitCode, stderr } = weavz('explain', '--url', 'http://127.0.0.1:9', '--integration', 'slack')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('weavz mock')
  })
})
