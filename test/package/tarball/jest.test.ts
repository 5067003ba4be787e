import { cpSync } from 'node:fs'
import path from 'node:path'
import { expect, inject, it } from 'vitest'
import { npm, run } from './run.js'
import { node } from './tools.js'

const consumer = inject('consumer')

it('A suite of Jest runs offline, with the matchers', async () => {
  const project = path.join(path.dirname(consumer), 'jest')
  const install = ['install', '--prefix', project, '--no-audit', '--no-fund', '--silent']
  await npm([...install, inject('tarball'), 'jest@30.5.2'], consumer)
  cpSync(path.join(consumer, 'jest'), project, { recursive: true })
  const jest = path.join(project, 'node_modules/jest/bin/jest.js')
  const report = await run(node('20'), [jest, '--json', '--rootDir', project], { cwd: project })
  expect(JSON.parse(report)).toMatchObject({ success: true, numPassedTests: 3 })
})
