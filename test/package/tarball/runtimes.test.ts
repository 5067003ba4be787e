import { describe, expect, inject, it } from 'vitest'
import manifest from '../../../package.json'
import { told } from './scenario.js'
import { run } from './run.js'
import { node, nodeVersions, runtime } from './tools.js'

const consumer = inject('consumer')
const inConsumer = async (command: string, ...args: string[]) =>
  (await run(command, args, { cwd: consumer })).trim()
const whole = JSON.stringify(told)

describe.each(nodeVersions)('Node %s', (version) => {
  it('is the one that is meant', async () => {
    expect(await inConsumer(node(version), '--version')).toMatch(new RegExp(`^v${version}\\.`))
  })

  it('tells the whole scenario in ES modules, in process and over a port', async () => {
    expect(await inConsumer(node(version), 'esm.mjs')).toBe(whole)
  })

  it('tells it in CommonJS, with the same names and an understanding of the other copy’s errors', async () => {
    expect(await inConsumer(node(version), 'cjs.cjs')).toBe(whole)
  })

  it('tells it in CommonJS where require cannot load ES modules', async () => {
    expect(await inConsumer(node(version), '--no-experimental-require-module', 'cjs.cjs')).toBe(whole)
  })

  it('answers behind msw', async () => {
    expect(await inConsumer(node(version), 'msw.mjs')).toBe('acme')
  })

  it('requires the msw entry where msw itself can be required', async () => {
    const requires = (name: string, ...flags: string[]) =>
      inConsumer(node(version), ...flags, '--print', `typeof require('${name}')`)
    expect(await requires('@weavz/sdk/msw')).toBe('object')
    // The one entry that CommonJS has not everywhere: a dependency of msw is an ES module alone
    await expect(requires('msw', '--no-experimental-require-module')).rejects.toThrow('ERR_REQUIRE_ESM')
  })

  it('runs the command', async () => {
    const command = 'node_modules/@weavz/sdk/dist/cli/main.js'
    expect(await inConsumer(node(version), command, '--help')).toContain('weavz')
  })
})

describe('The oldest Node that the package allows', () => {
  const oldest = runtime('node-20.0-linux-x64/bin/node')

  it('is 20.0', async () => {
    expect(manifest.engines.node).toBe('>=20')
    expect(await inConsumer(oldest, '--version')).toMatch(/^v20\.0\./)
  })

  it.each(['esm.mjs', 'cjs.cjs'])('tells the whole scenario in %s', async (program) => {
    expect(await inConsumer(oldest, program)).toBe(whole)
  })
})

describe.each(['esm.mjs', 'cjs.cjs'])('Elsewhere, %s', (program) => {
  it('tells the whole scenario in Bun', async () => {
    expect(await inConsumer(runtime('@oven/bun-linux-x64/bin/bun'), program)).toBe(whole)
  })

  it('tells the whole scenario in Deno with no permission but the loopback network', async () => {
    const args = ['--no-remote', '--cached-only', '--no-prompt', '--node-modules-dir=manual']
    const deno = runtime('@deno/linux-x64-glibc/deno')
    expect(await inConsumer(deno, 'run', ...args, '--allow-net=127.0.0.1', program)).toBe(whole)
  })
})
