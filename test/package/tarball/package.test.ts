import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, inject, it } from 'vitest'
import manifest from '../../../package.json'
import { npm, run } from './run.js'
import { root, rootTool } from './tools.js'

const tarball = inject('tarball')
const consumer = inject('consumer')
const installed = path.join(consumer, 'node_modules/@weavz/sdk')
const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((file) =>
  statSync(path.join(installed, file)).isFile(),
)

it('passes publint, strictly', async () => {
  expect(await run(rootTool('publint'), ['run', tarball, '--strict'], { cwd: root })).toContain('All good')
})

it('has types that are right under every module resolution', async () => {
  const attw = await run(rootTool('attw'), [tarball, '--profile', 'node16'], { cwd: root })
  for (const entry of Object.keys(manifest.exports)) expect(attw).toContain(`"@weavz/sdk${entry.slice(1)}"`)
})

it('holds the build, the licence and the words for people, and nothing else', () => {
  const outside = files.filter((file) => !file.startsWith(`dist${path.sep}`))
  expect(outside.filter((file) => file !== 'CHANGELOG.md').sort()).toEqual([
    'LICENSE',
    'README.md',
    'package.json',
  ])
  expect(files.filter((file) => /\.(ts|tsx)$/.test(file) && !/\.d\.ts$/.test(file))).toEqual([])
})

it('has every file that its exports name', () => {
  const named = JSON.stringify(manifest.exports).match(/(?<=")\.\/(?:dist|package)[^"]*(?=")/g) ?? []
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((file) => !files.includes(path.normalize(file)))).toEqual([])
})

it('brings ky and zod into an install, and nothing else', async () => {
  const bare = path.join(path.dirname(consumer), 'bare')
  await npm(['install', '--prefix', bare, '--no-audit', '--no-fund', '--silent', tarball], root)
  const packages = readdirSync(path.join(bare, 'node_modules')).filter((name) => !name.startsWith('.'))
  expect(packages.sort()).toEqual(['@weavz', 'ky', 'zod'])
})

it('holds no path of the machine that built it', () => {
  const telling = files.filter((file) => readFileSync(path.join(installed, file), 'utf8').includes(root))
  expect(telling).toEqual([])
})
