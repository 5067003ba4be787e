import { cpSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { npm, run } from './run.js'
import { node, nodeVersions } from './tools.js'

const consumer = inject('consumer')

/** The ends of the range that the package names as its peer; the project of the other tests has the version between. */
const ends = [
  { version: '2.10.0', nodes: nodeVersions },
  { version: '3.0.5', nodes: ['22', '24'] },
] as const

describe.each(ends)('Beside msw $version', ({ version, nodes }) => {
  it(`an app is answered on Node ${nodes.join(', ')}`, async () => {
    const project = path.join(path.dirname(consumer), `msw-${version}`)
    const install = ['install', '--prefix', project, '--no-audit', '--no-fund', '--silent']
    await npm([...install, inject('tarball'), `msw@${version}`], consumer)
    cpSync(path.join(consumer, 'msw.mjs'), path.join(project, 'msw.mjs'))
    for (const each of nodes) {
      expect((await run(node(each), ['msw.mjs'], { cwd: project })).trim()).toBe('acme')
    }
  })
})
