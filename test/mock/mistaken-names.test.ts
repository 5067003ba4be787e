import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createMockWeavz, type MockWeavz } from '../../src/mock/index.js'
import { hush } from './door.js'

/** As of a key that was pasted where a name belongs. */
const key = `wvz_${hush.replaceAll(/\W/g, '')}${'0'.repeat(20)}`
const weavz = createMockWeavz()

/** What programs without types pass for a name. */
type Use = (weavz: MockWeavz, name: never) => unknown
const uses: Record<string, Use> = {
  'an option': (_, name) => createMockWeavz({ [name]: 1 }),
  'a field of a seed': (_, name) => createMockWeavz({ seed: { workspaces: { acme: { [name]: 1 } } } }),
  'an exchange to look for': ({ calls }, name) => calls(name),
  'a target of faults': ({ faults }, name) =>
    faults.add({ match: { endpoint: name }, effect: { type: 'reset' } }),
  'an expected opening': ({ assertQuiet }, name) => assertQuiet({ openings: [name] }),
  'an option of assertQuiet': ({ assertQuiet }, name) => assertQuiet({ [name]: 'none' }),
  'an integration to play': ({ onAction }, name) => onAction(name, 'x', () => null),
  'an action to play': ({ onAction }, name) => onAction('slack', name, () => null),
  'an integration to extend': ({ registerTrigger }, name) => registerTrigger(name, 'x'),
}

function errorOf(use: Use, name: unknown): Error {
  try {
    use(weavz, name as never)
  } catch (error) {
    return error as Error
  }
  throw new Error('Nothing was refused')
}

describe.each(Object.entries(uses))('%s that there is not', (_, use) => {
  it('shows no key', () => {
    const error = errorOf(use, key)
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain(key)
    expect(error.message).toContain('wvz_[secret]')
  })
})

const circular: Record<string, unknown> = {}
circular['self'] = circular

describe.each(['an exchange to look for', 'a target of faults', 'an integration to play'])('%s', (what) => {
  it.each([
    ['null', null, /\bnull$/],
    ['a BigInt', 12n, /\b12$/],
    ['an object', circular, /\bobject$/],
    ['a symbol', Symbol('x'), /\bsymbol$/],
  ])('that is %s is refused, and said to be it', (_, name, end) => {
    expect(errorOf(uses[what] as Use, name).message).toMatch(end)
  })
})

it.each([
  ['options', () => createMockWeavz(null as never), /^createMockWeavz takes an object/],
  [
    'options of assertQuiet',
    () => weavz.assertQuiet(null as never),
    /^assertQuiet takes \{ openings \}, and no null$/,
  ],
  ['a request to explain', () => weavz.explain(null as never), /^weavz\.explain takes \{ integrationName/],
])('nothing at all is refused as %s', (_, use, problem) => {
  expect(use).toThrow(problem)
})

it('a trigger that there is not is named with the nearest', async () => {
  weavz.registerTrigger('slack', 'new_message', { sample: {} })
  await expect(weavz.emit({ integrationName: 'slack', triggerName: 'new_mesage' }, {})).rejects.toThrow(
    '"slack" has no trigger "new_mesage". Did you mean "new_message"?',
  )
  await expect(weavz.emit({ integrationName: 'slak', triggerName: 'new_message' }, {})).rejects.toThrow(
    'The catalog has no integration "slak". Did you mean "slack"?',
  )
})

it.each([
  ['a number', 1n],
  ['a symbol', Symbol('x')],
])('options of fetch that are %s are refused as by the platform', async (_, init) => {
  const url = 'https://api.weavz.io/api/health'
  await expect(weavz.fetch(url, init as never)).rejects.toThrow(TypeError)
  expect(() => new Request(url, init as never)).toThrow(TypeError)
})
