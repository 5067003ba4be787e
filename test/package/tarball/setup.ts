import { build } from 'esbuild'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { devDependencies } from '../../../package.json'
import { npm } from './run.js'
import { here, root, tool } from './tools.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The tarball that `npm pack` made. */
    tarball: string
    /** A project of its own, outside of the repository, with the tarball and msw installed. */
    consumer: string
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  if (!existsSync(path.join(root, 'dist/index.js'))) throw new Error('There is no build: npm run build')
  if (!isInstalled()) await npm(['ci'], here)

  const work = mkdtempSync(path.join(tmpdir(), 'weavz-package-'))
  await npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', work], root)
  const packed = readdirSync(work).find((file) => file.endsWith('.tgz'))
  if (packed === undefined) throw new Error('npm pack made no tarball')
  const tarball = path.join(work, packed)

  const consumer = path.join(work, 'consumer')
  mkdirSync(consumer)
  writeFileSync(path.join(consumer, 'package.json'), '{ "name": "consumer", "private": true }\n')
  const others = ['msw', '@types/node'] as const
  const versions = others.map((name) => `${name}@${devDependencies[name]}`)
  await npm(['install', '--no-audit', '--no-fund', '--silent', tarball, ...versions], consumer)
  cpSync(path.join(here, 'consumers'), consumer, { recursive: true })
  await build({
    entryPoints: [path.join(here, 'scenario.ts')],
    outfile: path.join(consumer, 'scenario.mjs'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  })

  project.provide('tarball', tarball)
  project.provide('consumer', consumer)
  return () => rmSync(work, { recursive: true, force: true })
}

/** Whether `node_modules` is what the lock file says: npm writes its own lock file there when it is done. */
function isInstalled(): boolean {
  const installed = tool('.package-lock.json')
  if (!existsSync(installed)) return false
  return statSync(installed).mtimeMs >= statSync(path.join(here, 'package-lock.json')).mtimeMs
}
