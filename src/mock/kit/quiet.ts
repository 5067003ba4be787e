import { isOver } from '../../engine/connect.js'
import type { World } from '../world.js'

/** @throws Error that names what a test has left behind. */
export function assertQuiet({ engine, clock, faults }: Pick<World, 'engine' | 'clock' | 'faults'>): void {
  const left: string[] = []
  for (const session of engine.state.tables.sessions.values()) {
    if (isOver(session) || Date.parse(session.expiresAt) <= clock.now()) continue
    left.push(`Connect session ${session.id} for "${session.integrationName}" is still ${session.status}`)
  }
  for (const { id, spec, struck, pending } of faults.list()) {
    if (!pending) continue
    const where = spec.match?.endpoint ?? 'any call'
    left.push(
      `Fault ${id} (${spec.effect.type} on ${where}) has struck ${struck} times, not ${spec.times ?? 1}`,
    )
  }
  if (left.length > 0)
    throw new Error(`The mock is not quiet:\n${left.map((line) => `- ${line}`).join('\n')}`)
}
