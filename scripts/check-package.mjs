/**
 * Looks at the package as a user gets it: packs it, lints the tarball, checks its types under every module
 * resolution, then installs it into an empty project and uses it.
 *
 *   npm run build && npm run test:package
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const { version, exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const work = mkdtempSync(path.join(tmpdir(), 'weavz-package-'))

function run(title, command, args, options = {}) {
  console.log(`\n— ${title}`)
  execFileSync(command, args, { stdio: 'inherit', cwd: root, ...options })
}

try {
  run('pack', 'npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', work])
  const [tarball] = readdirSync(work).filter((file) => file.endsWith('.tgz'))
  const packed = path.join(work, tarball)
  run('publint', 'npx', ['publint', 'run', packed, '--strict'])
  run('are the types wrong', 'npx', ['attw', packed, '--profile', 'node16'])

  const consumer = path.join(work, 'consumer')
  execFileSync('mkdir', [consumer])
  writeFileSync(
    path.join(consumer, 'package.json'),
    '{ "name": "consumer", "private": true, "type": "module" }\n',
  )
  run('install the tarball', 'npm', ['install', '--no-audit', '--no-fund', '--silent', packed, 'msw@2'], {
    cwd: consumer,
  })

  const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'))
  const names = entries.map((entry) => `@weavz/sdk${entry.slice(1)}`)
  // msw itself depends on a package that is ESM alone.
  const requirable = names.filter((name) => name !== '@weavz/sdk/msw')
  const story = `
    const weavz = createMockWeavz()
    const client = new WeavzClient({ apiKey: weavz.apiKey, fetch: weavz.fetch })
    client.workspaces.create({ name: 'Acme', slug: 'acme' }).then(async ({ workspace }) => {
      const { output } = await client.actions.execute('hash-encode', 'encode', {
        workspaceId: workspace.id, input: { text: 'weavz', encoding: 'hex' },
      })
      if (output.encoded !== '776561767a') throw new Error('wrong output')
      console.log('a call through the mock: ok')
    })`
  writeFileSync(
    path.join(consumer, 'esm.mjs'),
    `${names.map((name) => `await import('${name}')`).join('\n')}
    import { WeavzClient } from '@weavz/sdk'
    import { createMockWeavz } from '@weavz/sdk/mock'
    ${story}`,
  )
  writeFileSync(
    path.join(consumer, 'cjs.cjs'),
    `${requirable.map((name) => `require('${name}')`).join('\n')}
    const { WeavzClient } = require('@weavz/sdk')
    const { createMockWeavz } = require('@weavz/sdk/mock')
    ${story}`,
  )
  run('ESM', process.execPath, ['esm.mjs'], { cwd: consumer })
  run(
    'CommonJS, where require cannot load ESM',
    process.execPath,
    ['--no-experimental-require-module', 'cjs.cjs'],
    {
      cwd: consumer,
    },
  )
  run('the command', 'npx', ['weavz', '--version'], { cwd: consumer })
  console.log(`\n@weavz/sdk ${version}: the package is in order`)
} finally {
  rmSync(work, { recursive: true, force: true })
}
