import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { devDependencies } from './package.json'
import { run } from './run.js'
import { root, tool } from './tools.js'

const consumer = inject('consumer')
const compilers = Object.keys(devDependencies).filter((name) => name.startsWith('typescript-'))
const [oldest, newest] = [compilers.at(0), compilers.at(-1)] as [string, string]

type Options = Readonly<Record<string, unknown>>

const strictest = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  types: [],
}
const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' }
const bundler = { module: 'esnext', moduleResolution: 'bundler' }

let projects = 0

/** Compiles the code of test/types, as a project of its own; what the compiler prints is the error. */
async function compile(
  compiler: string,
  options: Options,
  { type = 'module', msw = true }: { type?: 'module' | 'commonjs'; msw?: boolean } = {},
) {
  const project = path.join(consumer, `types-${++projects}`)
  mkdirSync(project)
  cpSync(path.join(root, 'test/types'), path.join(project, 'types'), {
    recursive: true,
    filter: (file) => msw || !/msw\.type-test\.ts$/.test(file),
  })
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ type }))
  const config = { compilerOptions: { ...strictest, ...options }, include: ['types'] }
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify(config))
  const tsc = tool(`${compiler}/bin/tsc`)
  return run(process.execPath, [tsc, '--project', project], { cwd: project, limit: 240_000 })
}

describe('The published types compile, libraries included', () => {
  it.each(compilers)('with %s, for Node', async (compiler) => {
    expect(await compile(compiler, nodenext)).toBe('')
  })

  it.each([oldest, newest])('with %s, for bundlers', async (compiler) => {
    expect(await compile(compiler, bundler)).toBe('')
  })

  it.each([oldest, newest])('with %s, in CommonJS', async (compiler) => {
    // The types of msw itself do not compile there
    expect(await compile(compiler, nodenext, { type: 'commonjs', msw: false })).toBe('')
  })

  it('on a server, without the types of the DOM', async () => {
    const server = { ...nodenext, lib: ['es2022'], types: ['node'] }
    // Neither do they here
    expect(await compile(newest, server, { msw: false })).toBe('')
  })

  it('and the compiler does look: what is not there is an error', async () => {
    await expect(compile(newest, { ...nodenext, lib: ['es2022'] }, { msw: false })).rejects.toThrow(
      'error TS2304',
    )
  })
})
