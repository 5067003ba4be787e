import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WeavzClient } from '@weavz/sdk'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { version } from '../../package.json'
import { run } from '../../src/cli/run.js'
import { checkSample, viaFetch } from '../seeds/sample.js'
import { pages } from '../seeds/samples/index.js'
import { runningMock, startMock, viaCurl, weavz, type Running } from './weavz.js'

describe('weavz mock', () => {
  it('prints one line with URL and key when it answers', async () => {
    const running = await startMock('--port', '0', '--api-key', 'wvz_dev')
    onTestFinished(async () => void (await running.stop('SIGKILL')))
    const [, baseUrl] =
      /^Offline Weavz at (http:\/\/127\.0\.0\.1:\d+) with API key wvz_dev$/.exec(running.line) ?? []
    const client = new WeavzClient({ apiKey: 'wvz_dev', baseUrl })
    expect((await client.workspaces.list()).total).toBe(0)
  })

  it('prints that line as JSON with --json, and makes up a key', async () => {
    const { line, url, apiKey } = await runningMock()
    expect(JSON.parse(line)).toEqual({ url, apiKey })
    expect(apiKey).toMatch(/^wvz_\w{32}$/)
    const client = new WeavzClient({ apiKey, baseUrl: url })
    expect((await client.workspaces.list()).total).toBe(0)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with exit code 0 at %s', async (signal) => {
    const { url, stop } = await runningMock()
    // A client that keeps its connection open, as all do, must not hold the server back
    await fetch(`${url}/health`)
    expect(await stop(signal)).toEqual({ exitCode: 0, signal: null, rest: '' })
    await expect(fetch(`${url}/health`)).rejects.toThrow()
  })

  it('refuses unknown fields, unless told not to be strict', async () => {
    const statusOf = async (...args: string[]) => {
      const { url, apiKey } = await runningMock(...args)
      const response = await fetch(`${url}/api/v1/workspaces`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ name: 'Acme', slug: 'acme', colour: 'teal' }),
      })
      return response.status
    }
    expect(await statusOf()).toBe(400)
    expect(await statusOf('--no-strict')).toBe(201)
  })

  it('says that a port is in use, with exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    expect(weavz('mock', '--port', String(port))).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `Port ${port} of 127.0.0.1 is in use: choose another, or --port 0 for a free one.\n`,
    })
  })

  it('says that an address is not of this machine, with exit code 1', () => {
    // RFC 5737: an address for documentation, which no machine has
    expect(weavz('mock', '--port', '0', '--host', '192.0.2.1')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: '"192.0.2.1" is no address of this machine.\n',
    })
  })
})

describe('weavz says in one sentence what is wrong with its arguments, with exit code 2', () => {
  it.each([
    [[], 'No command was given: "weavz --help" lists what there is.'],
    [['mokc'], 'There is no command "mokc": "weavz --help" lists what there is.'],
    [['toString'], 'There is no command "toString": "weavz --help" lists what there is.'],
    [['mock', '--prot', '1'], "Unknown option '--prot'."],
    [['mock', '--api-kye=wvz_dev'], "Unknown option '--api-kye'."],
    [['mock', '--no-json'], "Unknown option '--no-json'."],
    [['mock', '4010'], "Unexpected argument '4010'."],
    [['mock', '--port'], "Option '--port <value>' argument missing."],
    [['mock', '--port', '--json'], "Option '--port' argument is ambiguous."],
    [['mock', '--json=yes'], "Option '--json' does not take an argument."],
    [['mock', '--port', '65536'], '--port must be a whole number from 0 to 65535, not "65536".'],
    [['mock', '--port', '40x'], '--port must be a whole number from 0 to 65535, not "40x".'],
    [['mock', '--port='], '--port must be a whole number from 0 to 65535, not "".'],
    [
      ['mock', '--host='],
      '--host must not be empty: 127.0.0.1 is for this machine, 0.0.0.0 for every address.',
    ],
  ])('%j', async (args, sentence) => {
    const error = vi.spyOn(console, 'error').mockReturnValue()
    onTestFinished(() => error.mockRestore())
    expect(await run(args)).toBe(2)
    expect(error.mock.calls).toEqual([[sentence]])
  })

  it('and as a process: on stderr alone', () => {
    expect(weavz('mock', '--prot', '1')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: "Unknown option '--prot'.\n",
    })
  })

  it('a key that no API key looks like, without repeating it', () => {
    const { exitCode, stdout, stderr } = weavz('mock', '--api-key', 'hush hush')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^--api-key cannot be used: .*wvz_.*\.\n$/)
    expect(stderr).not.toContain('hush')
  })
})

describe('weavz explains itself', () => {
  it('tells its version', () => {
    expect(weavz('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each([
    [['--help'], 'mock'],
    [['mock', '--help'], '--no-strict'],
    [['mock', '-h'], '--port=<port>'],
    [['explain', '--help'], '--control-token'],
  ])('%j fits a screen', (args, mention) => {
    const { exitCode, stdout, stderr } = weavz(...args)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(24)
    expect(Math.max(...lines.map((line) => line.trimEnd().length))).toBeLessThanOrEqual(80)
    expect(stdout).toContain(mention)
    // No colours where nobody sees them
    expect(stdout.includes('\u001b')).toBe(false)
  })
})

describe('weavz mock answers the curl samples of the documentation', () => {
  let running: Running & { url: string }
  let client: WeavzClient
  beforeAll(async () => {
    const started = await startMock('--port', '0', '--api-key', 'wvz_dev', '--json')
    running = { ...started, ...(JSON.parse(started.line) as { url: string }) }
    client = new WeavzClient({ apiKey: 'wvz_dev', baseUrl: running.url })
  })
  afterAll(async () => {
    expect(await running.stop('SIGTERM')).toMatchObject({ exitCode: 0 })
  })

  describe.each(pages)('page $page', ({ apiKey, samples }) => {
    it.each(samples.map((sample) => [sample.place, sample] as const))('%s', async (_, sample) => {
      await checkSample(sample, client, viaCurl ?? viaFetch(fetch), {
        'https://api.weavz.io': running.url,
        [apiKey]: 'wvz_dev',
      })
    })
  })
})
