import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MockWeavz } from '../../../src/mock/index.js'
import { recordChanges, replay, type Unsaved } from '../../../src/mock/kit/changes.js'
import { createRecordedMock } from '../../../src/mock/mock.js'
import { clientOf, post, typicalSeed } from './world.js'

/** Everything that changes a world, by one step each. */
const steps: ((weavz: MockWeavz, mark: string) => Promise<unknown> | unknown)[] = [
  (weavz, mark) => clientOf(weavz).workspaces.create({ name: mark, slug: mark }),
  (weavz) => clientOf(weavz).workspaces.delete(weavz.seeded.workspaces.acme as string),
  (weavz, mark) =>
    clientOf(weavz).workspaces.update(weavz.seeded.workspaces.globex as string, { name: mark }),
  (weavz) => clientOf(weavz).connections.delete(weavz.seeded.connections.alice_slack as string),
  (weavz, mark) =>
    clientOf(weavz).actions.execute('kv-store', 'put', {
      workspaceId: weavz.seeded.workspaces.acme as string,
      input: { key: 'key', value: mark },
    }),
  (weavz) =>
    clientOf(weavz).actions.execute('kv-store', 'delete', {
      workspaceId: weavz.seeded.workspaces.acme as string,
      input: { key: 'key' },
    }),
  (weavz, mark) => post(weavz, 'bot', { channel: '#general', text: mark }),
  (weavz) => weavz.clock.advance('2h'),
  (weavz) => weavz.clock.resume(),
  (weavz) => weavz.clock.freeze('2025-01-15T12:00:00.000Z'),
  (weavz) => weavz.reset(),
  (weavz) => weavz.restore(weavz.snapshot()),
  (weavz) => weavz.fork().clock.advance('1h'),
]

it('what a recorder takes, one after another, replays to the snapshot', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ step: fc.nat(steps.length - 1), take: fc.constantFrom('no', 'yes', 'in vain') })),
      async (plan) => {
        const recorder = recordChanges()
        const weavz = createRecordedMock({ seed: typicalSeed }, recorder) as MockWeavz
        await weavz.ready
        let state = replay({})
        const keep = (unsaved: Unsaved) => {
          // As it would be read from a file
          if ('changes' in unsaved) state.apply(JSON.parse(JSON.stringify(unsaved.changes)))
          else state = replay(JSON.parse(unsaved.snapshot))
        }
        keep(recorder.take())
        for (const [at, { step, take }] of plan.entries()) {
          // What is refused is as good a step as any
          await Promise.resolve(steps[step]!(weavz, `mark-${at}`)).catch(() => undefined)
          if (take === 'in vain') recorder.giveBack(recorder.take())
          if (take === 'yes') keep(recorder.take())
        }
        keep(recorder.take())
        expect(recorder.pending).toBe(false)
        expect(JSON.parse(state.snapshot())).toEqual(JSON.parse(weavz.snapshot()))
      },
    ),
    { numRuns: 60 },
  )
})

it('nothing is pending where nothing has changed', async () => {
  const recorder = recordChanges()
  const weavz = createRecordedMock({ seed: typicalSeed }, recorder) as MockWeavz
  await weavz.ready
  recorder.take()
  await clientOf(weavz).workspaces.list()
  recorder.take()
  await clientOf(weavz).workspaces.list()
  await clientOf(weavz).connections.list()
  expect(recorder.pending).toBe(false)
})

it.each([
  ['a list', []],
  ['a table that is a number', { head: {}, rows: [[1, 'x', 'y']] }],
  ['a row without an id', { head: {}, rows: [['tables', 'workspaces', {}]] }],
  ['an unknown field', { head: {}, rows: [], extra: true }],
])('%s is no list of changes', (_, changes) => {
  expect(() => replay({}).apply(changes)).toThrow(TypeError)
})
