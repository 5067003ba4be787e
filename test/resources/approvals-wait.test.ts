import { describe, expect, test } from 'vitest'
import { Approvals } from '../../src/resources/index.js'
import { NotFoundError, WeavzAbortError, WeavzError } from '../../src/transport/index.js'
import { always, json, refusal, rejection, script, stillRuntime, transport } from '../transport/support.js'
import { approval } from './samples.js'

const state = (status: string) => json({ approval: { ...approval, status } })

function approvalsOver({ fetch }: ReturnType<typeof script>) {
  const runtime = stillRuntime()
  return { approvals: new Approvals(transport({ fetch }, runtime)), runtime }
}

describe('approvals.wait', () => {
  test.each(['approved', 'rejected', 'canceled', 'expired', 'consumed', 'a status of tomorrow'])(
    'returns the request once it is %s',
    async (status) => {
      const wire = script(state('pending'), state('pending'), state(status))
      const { approvals, runtime } = approvalsOver(wire)
      expect(await approvals.wait(approval.id)).toEqual({ approval: { ...approval, status } })
      expect(wire.sent.map(({ url }) => url.pathname)).toEqual(
        Array(3).fill(`/api/v1/approvals/${approval.id}`),
      )
      expect(runtime.slept).toEqual([1000, 1000])
    },
  )

  test('gives up after 120 s with APPROVAL_TIMEOUT', async () => {
    const wire = always(() => state('pending'))
    const { approvals, runtime } = approvalsOver(wire)
    const error = await rejection(approvals.wait(approval.id))
    expect(error).toBeInstanceOf(WeavzError)
    expect(error).toMatchObject({ code: 'APPROVAL_TIMEOUT', hint: expect.stringContaining('still pending') })
    expect(wire.sent).toHaveLength(120)
    expect(runtime.slept.reduce((sum, ms) => sum + ms)).toBe(120_000)
  })

  test('takes other intervals and limits', async () => {
    const { approvals, runtime } = approvalsOver(always(() => state('pending')))
    await rejection(approvals.wait(approval.id, { intervalMs: 400, timeoutMs: 1000 }))
    expect(runtime.slept).toEqual([400, 400, 200])
  })

  test('goes on through failures that pass, and ends at a refusal that does not', async () => {
    const unknown = () => refusal(404, 'APPROVAL_NOT_FOUND')
    const passing = script(refusal(503), new TypeError('fetch failed'), unknown(), state('approved'))
    expect(await approvalsOver(passing).approvals.wait(approval.id)).toMatchObject({
      approval: { status: 'approved' },
    })
    const error = await rejection(approvalsOver(script(unknown(), unknown())).approvals.wait(approval.id))
    expect(error).toBeInstanceOf(NotFoundError)
  })

  test('ends at once when the caller aborts', async () => {
    const controller = new AbortController()
    const wire = always(() => {
      controller.abort()
      return state('pending')
    })
    const waiting = approvalsOver(wire).approvals.wait(approval.id, { signal: controller.signal })
    expect(await rejection(waiting)).toBeInstanceOf(WeavzAbortError)
    expect(wire.sent).toHaveLength(1)
  })
})
