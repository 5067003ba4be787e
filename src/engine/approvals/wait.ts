import type { Engine } from '../engine.js'
import { getApprovalRow } from './requests.js'

/**
 * Waits until a request is decided or has run out, at most until that time.
 *
 * @param deadline Milliseconds since the epoch, on the engine's clock.
 * @param gone Aborted once nobody waits for the result any more.
 * @returns Whether it is pending no more.
 */
export async function waitForDecision(
  engine: Engine,
  id: string,
  deadline: number,
  gone?: AbortSignal,
): Promise<boolean> {
  const { status, expiresAt } = getApprovalRow(engine, id)
  const left = Math.min(deadline, Date.parse(expiresAt)) - engine.clock.now()
  if (status === 'pending' && left > 0 && !gone?.aborted) await sleep(engine, id, left, gone)
  return getApprovalRow(engine, id).status !== 'pending'
}

async function sleep(
  { approvals }: Engine,
  id: string,
  milliseconds: number,
  gone: AbortSignal | undefined,
): Promise<void> {
  const controller = new AbortController()
  const wake = () => controller.abort()
  const others = approvals.waiting.get(id)
  const waiting = others ?? new Set()
  if (!others) approvals.waiting.set(id, waiting)
  waiting.add(wake)
  gone?.addEventListener('abort', wake)
  await approvals.sleep(milliseconds, controller.signal)
  gone?.removeEventListener('abort', wake)
  waiting.delete(wake)
  if (waiting.size === 0) approvals.waiting.delete(id)
}
