import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { createMockWeavz } from '../../../src/mock/index.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const nextTurn = () => new Promise((resolve) => setTimeout(resolve))

it('a caller who gives up on a call without an answer is heard, although the garbage was collected meanwhile', async () => {
  const weavz = createMockWeavz()
  weavz.faults.add({ effect: { type: 'no-answer' } })
  const patience = new AbortController()
  const reason = new Error('Enough')
  const answer = weavz.fetch('http://weavz.test/health', { signal: patience.signal })
  for (let turn = 0; turn < 3; turn++) {
    await nextTurn()
    collectGarbage()
  }
  patience.abort(reason)
  await expect(answer).rejects.toBe(reason)
})
