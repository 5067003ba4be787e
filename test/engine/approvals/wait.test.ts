import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { passGate } from '../../../src/engine/approvals/gate.js'
import { decideApproval } from '../../../src/engine/approvals/decisions.js'
import { createPolicy } from '../../../src/engine/approvals/policies.js'
import { waitForDecision } from '../../../src/engine/approvals/wait.js'
import { addApiKey } from '../../../src/engine/api-keys.js'
import { createEngine } from '../../../src/engine/engine.js'

/** An approval request that is pending for an hour. */
function pending() {
  const engine = createEngine()
  createPolicy(engine, { name: 'Ask' })
  const request = passGate(engine, {
    ...{ origin: {}, workspaceId: 'w', integrationName: 'slack', actionName: 'list_users' },
    ...{ endUserId: null, idempotencyKey: null, input: {}, partialIds: [], enforcedKeys: [] },
    ...{ target: null, connection: null },
  })
  if (!request) throw new Error('Expected an approval to be needed')
  const decider = addApiKey(engine, {
    ...{ name: 'Boss', plainKey: 'wvz_boss', permissions: { scope: 'org', approvals: { decide: true } } },
  })
  const approve = () => decideApproval(engine, request.id, 'approved', {}, decider)
  const wait = (seconds: number, gone?: AbortSignal) =>
    waitForDecision(engine, request.id, engine.clock.now() + seconds * 1000, gone)
  return { engine, approve, wait }
}

describe('Waiting for a decision', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it.each([
    ['a decision', true],
    ['the end of its time', false],
    ['a caller who has gone', false],
  ])('ends with %s, and leaves no timer and nobody waiting', async (how, decided) => {
    const { engine, approve, wait } = pending()
    const gone = new AbortController()
    const waits = [wait(60, gone.signal), wait(60, gone.signal)]
    expect([vi.getTimerCount(), engine.approvals.waiting.size]).toEqual([2, 1])
    if (how === 'a decision') approve()
    else if (how === 'a caller who has gone') gone.abort()
    else vi.advanceTimersByTime(60_000)
    expect(await Promise.all(waits)).toEqual([decided, decided])
    expect([vi.getTimerCount(), engine.approvals.waiting.size]).toEqual([0, 0])
  })

  it('leaves no listener on a signal that lives on', async () => {
    const { approve, wait } = pending()
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    const waiting = wait(60, signal)
    approve()
    expect(await waiting).toBe(true)
    expect(added.mock.calls).toHaveLength(1)
    expect(removed.mock.calls).toEqual(added.mock.calls)
  })

  it('does not begin for a caller who has gone already, nor after its time', async () => {
    const { wait } = pending()
    expect(await wait(60, AbortSignal.abort())).toBe(false)
    expect(await wait(0)).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})
