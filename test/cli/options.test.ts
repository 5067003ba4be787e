import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { WeavzClient } from '@weavz/sdk'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { run } from '../../src/cli/run.js'
import { hush, typicalSeed } from '../mock/kit/world.js'
import { bundleProgram, startProgram, temporaryFolder, type Program } from './program.js'
import { weavz } from './weavz.js'

let folder: string
let program: string
beforeAll(async () => {
  folder = await temporaryFolder()
  program = await bundleProgram(folder)
})

function start(args: readonly string[], options?: Parameters<typeof startProgram>[2]): Program {
  const running = startProgram(program, args, options)
  onTestFinished(async () => void (await running.stop('SIGKILL')))
  return running
}

let count = 0
async function fileOf(content: unknown): Promise<string> {
  const file = path.join(folder, `file-${++count}`)
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

/** What `weavz mock` says when it does not start. */
async function refusal(...args: string[]) {
  const error = vi.spyOn(console, 'error').mockReturnValue()
  onTestFinished(() => error.mockRestore())
  const exitCode = await run(['mock', '--port', '0', ...args])
  return { exitCode, said: error.mock.calls.map(([line]) => String(line)) }
}

describe('--seed', () => {
  it('is the world that it begins with', async () => {
    const { client } = await start(['--seed', await fileOf(typicalSeed)]).ready
    const { workspaces } = await client.workspaces.list()
    expect(workspaces.map(({ name }) => name)).toEqual(['Acme', 'globex'])
  })

  it.each([
    [
      'names nothing',
      { connections: { bot: { workspace: 'acmee', integrationName: 'slack' } } },
      'seed.connections.bot.workspace',
    ],
    ['the API would refuse', { workspaces: { acme: { slug: 'No Slug' } } }, 'seed.workspaces.acme.slug'],
    [
      'the API would refuse once sealed',
      { connections: { a: { integrationName: 'slack', type: 'SECRET_TEXT' } } },
      'seed.connections.a',
    ],
    ['has an unknown section', { workspces: {} }, 'seed.workspces'],
    ['is null', null, 'seed: '],
    ['is a list', [], 'seed: '],
    ['is no JSON', `{"apiKeys":{"k":{"key":"wvz_${hush}"`, 'not JSON'],
    ['is empty', '', 'not JSON'],
  ])('that %s is told with its path, in one sentence, with exit code 2', async (_, seed, mention) => {
    const file = await fileOf(seed)
    const { exitCode, said } = await refusal('--seed', file)
    expect(exitCode).toBe(2)
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/^--seed .*\.$/)
    expect(said[0]).toContain(file)
    expect(said[0]).toContain(mention)
    expect(said[0]).not.toContain(hush)
  })

  it('that is not there is told, too', async () => {
    const { exitCode, said } = await refusal('--seed', 'nowhere.json')
    expect({ exitCode, said }).toEqual({ exitCode: 2, said: [expect.stringContaining('nowhere.json')] })
  })
})

describe('--data', () => {
  it('survives a kill', async () => {
    const data = path.join(folder, 'survivor')
    const first = start(['--data', data])
    const { client } = await first.ready
    const { workspace } = await client.workspaces.create({ name: 'Kept', slug: 'kept' })
    await first.stop('SIGKILL')
    const { client: later } = await start(['--data', data]).ready
    expect((await later.workspaces.get(workspace.id)).workspace).toEqual(workspace)
  })

  it('that is in use is told in one sentence, with exit code 1; so is one that is something else', async () => {
    const data = path.join(folder, 'shared')
    await start(['--data', data]).ready
    const used = await start(['--data', data]).ended
    expect(used).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^--data: .* is in use by process \d+; .*\.\n$/),
    })
    const other = await start(['--data', await fileOf('Dear diary')]).ended
    expect(other).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^--data: .* is no data file .*\.\n$/),
    })
  })

  it('lets go of the file where the port is taken', async () => {
    const { url } = await start([]).ready
    const data = path.join(folder, 'let-go')
    const failed = startProgram(program, ['--data', data, '--port', new URL(url).port])
    expect((await failed.ended).exitCode).toBe(1)
    await start(['--data', data]).ready
    await expect(readFile(`${data}.lock`, 'utf8')).resolves.not.toBe('')
  })

  it('says on stderr that a seed is for resets alone, once there is a state', async () => {
    const args = ['--data', path.join(folder, 'seeded'), '--seed', await fileOf(typicalSeed)]
    const first = start(args)
    await first.ready
    expect((await first.stop('SIGTERM')).stderr).toBe('')
    const second = start(args)
    await second.ready
    expect((await second.stop('SIGTERM')).stderr).toMatch(/^The state is that of .*seeded; .*\n$/)
  })

  it('on a full disk gets nothing out that is not on it, and loses nothing that is', async () => {
    const data = path.join(folder, 'full')
    // Files of at most 32 or 64 kB, as the shell counts; what lies beyond fails like on a disk that is full
    const limited = start(['--data', data], { shell: 'ulimit -f 64; exec "$@"' })
    const { client } = await limited.ready
    const answered: string[] = []
    let refused: unknown
    for (let at = 0; refused === undefined && at < 1000; at++) {
      const slug = `w-${at}`
      await client.workspaces.create({ name: 'x'.repeat(100), slug }).then(
        () => answered.push(slug),
        (error: unknown) => (refused = error),
      )
    }
    expect(refused).toMatchObject({
      status: 500,
      code: 'INTERNAL_ERROR',
      message: expect.stringContaining('larger than allowed'),
    })
    await expect(client.workspaces.create({ name: 'y', slug: 'y' })).rejects.toMatchObject({ status: 500 })
    expect(limited.stderr()).toMatch(/^.*full cannot be written: .* every answer is 500 INTERNAL_ERROR\.\n$/)
    expect(await limited.stop('SIGTERM')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('cannot be written'),
    })
    const { client: later } = await start(['--data', data]).ready
    const slugs: string[] = []
    for await (const { slug } of later.workspaces.list()) slugs.push(slug)
    expect(slugs).toEqual(answered)
    expect(answered.length).toBeGreaterThan(10)
  })
})

describe('--control-token', () => {
  const token = 'token-of-the-test'

  it.each([
    ['on the command line', ['--control-token', token], {}],
    ['in the environment', [], { WEAVZ_CONTROL_TOKEN: token }],
  ])('%s is what control routes need', async (_, args, env) => {
    const running = start(args, { env })
    const { url } = await running.ready
    expect((await fetch(`${url}/_weavz/health`)).status).toBe(401)
    const headers = { authorization: `Bearer ${token}` }
    expect((await fetch(`${url}/_weavz/health`, { headers })).status).toBe(200)
    const asked = ['explain', '--url', url, '--integration', 'slack']
    expect(weavz(...asked)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('401') })
    expect(weavz(...asked, '--control-token', token).exitCode).toBe(3)
  })

  it('that cannot be sent is told, without repeating it', async () => {
    const { exitCode, said } = await refusal('--control-token', 'two words')
    expect(exitCode).toBe(2)
    expect(said[0]).toMatch(/^--control-token cannot be used: .*\.$/)
    expect(said[0]).not.toContain('two words')
  })
})

describe('--latency', () => {
  it('holds answers of the API back, and those of control routes not', async () => {
    const { url, client } = await start(['--latency', '400-500ms']).ready
    const order: string[] = []
    const slow = client.workspaces.list().then(() => order.push('API'))
    await vi.waitUntil(async () => {
      const journal = await (await fetch(`${url}/_weavz/journal`)).json()
      return (journal as { count: number }).count === 1
    })
    order.push('control')
    await slow
    expect(order).toEqual(['control', 'API'])
  })

  it.each(['soon', '50', '-5ms', '200-50ms', '1h', '601s', '50ms-', 'ms', '1.5s', '', '1s-50ms'])(
    'cannot be %j',
    async (text) => {
      const { exitCode, said } = await refusal(`--latency=${text}`)
      expect({ exitCode, said }).toEqual({
        exitCode: 2,
        said: [expect.stringMatching(/^--latency must be .*\.$/)],
      })
    },
  )
})

describe('--log', () => {
  const exchanges = async (form: string) => {
    const running = start(['--log', form])
    const { client, url } = await running.ready
    await client.workspaces.list()
    await fetch(`${url}/connect?token=cst_${hush}`)
    await fetch(`${url}/api/v1/wvz_${hush}/x`, { method: 'POST', body: hush })
    await fetch(`${url}/_weavz/faults`, { method: 'POST', body: '{"effect":{"type":"reset"}}' })
    await client.workspaces.list().catch(() => undefined)
    const { stderr } = await running.stop('SIGTERM')
    expect(stderr).not.toContain(hush)
    return stderr.trimEnd().split('\n')
  }

  it('json writes a line of JSON on stderr for each request', async () => {
    const lines = (await exchanges('json')).map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      { method: 'GET', path: '/api/v1/workspaces', status: 200, requestId: 'req_00000001' },
      { method: 'GET', path: '/connect', requestId: null },
      { method: 'POST', path: '/api/v1/wvz_[secret]/x', status: 404 },
      { method: 'POST', path: '/_weavz/faults', status: 201 },
      { method: 'GET', path: '/api/v1/workspaces', status: null },
    ])
    for (const { time, ms } of lines) {
      expect(new Date(time).toISOString()).toBe(time)
      expect(ms).toBeGreaterThanOrEqual(0)
    }
  })

  it('pretty writes one for people', async () => {
    const [first, , , , last] = await exchanges('pretty')
    expect(first).toMatch(/^\d\d:\d\d:\d\d\.\d{3} 200  GET    \/api\/v1\/workspaces \d+ ms$/)
    expect(last).toMatch(/ lost GET    \/api\/v1\/workspaces \d+ ms$/)
  })

  it('cannot be anything else', async () => {
    expect(await refusal('--log', 'xml')).toEqual({
      exitCode: 2,
      said: ['--log must be json or pretty, not "xml".'],
    })
  })
})

describe('a signal to stop', () => {
  const arrived = (url: string) =>
    vi.waitUntil(async () => {
      const journal = await (await fetch(`${url}/_weavz/journal`)).json()
      return (journal as { count: number }).count === 1
    })
  const closed = (url: string) =>
    vi.waitUntil(() =>
      fetch(`${url}/health`, { headers: { connection: 'close' } }).then(
        () => false,
        () => true,
      ),
    )

  it.each(['SIGINT', 'SIGTERM'] as const)('(%s) lets requests finish that are under way', async (signal) => {
    const running = start(['--latency', '2s'])
    const { url, client } = await running.ready
    const listed = client.workspaces.list()
    await arrived(url)
    const ended = running.stop(signal)
    expect((await listed).total).toBe(0)
    expect(await ended).toMatchObject({ exitCode: 0, signal: null, stderr: '' })
  })

  it('ends it at once when it comes a second time', async () => {
    const running = start([])
    const { url, apiKey } = await running.ready
    const client = new WeavzClient({ apiKey, baseUrl: url, maxRetries: 0 })
    await fetch(`${url}/_weavz/faults`, { method: 'POST', body: '{"effect":{"type":"no-answer"}}' })
    const hanging = client.workspaces.list().catch((error: Error) => error.name)
    await arrived(url)
    void running.stop('SIGTERM')
    await closed(url)
    expect(await running.stop('SIGTERM')).toMatchObject({ exitCode: null, signal: 'SIGTERM' })
    expect(await hanging).toBe('WeavzNetworkError')
  })
})
