import { isOver } from '../../engine/connect.js'
import { shownName } from '../../engine/nearest.js'
import type { World } from '../world.js'
import { unexpectedOpenings } from './expected-openings.js'
import type { Fault } from './faults.js'

export interface QuietOptions {
  /**
   * Which credentials the test may have had opened since the world began: `'none'`, or those of these connections, by
   * `connection.externalId` or `connection.id`, those of deleted ones included. Default: all that running actions,
   * refreshing tokens and firing triggers open by their nature.
   */
  readonly openings?: 'none' | readonly string[]
}

type Quiet = Pick<World, 'engine' | 'clock' | 'faults' | 'journal' | 'strays'>

/**
 * @param seeded Ids of connect sessions that were there from the beginning.
 * @throws Error that names what a test has left behind, and what to do about it; TypeError for options that are none.
 */
export function assertQuiet(world: Quiet, seeded: ReadonlySet<string>, options: QuietOptions = {}): void {
  // A mistyped name would make it look as if nothing had been opened
  const strange = Object.keys(Object(options)).find((name) => name !== 'openings')
  if (Object(options) !== options || strange !== undefined) {
    throw new TypeError(`assertQuiet takes { openings }, and no ${shownName(strange ?? options)}`)
  }
  const left = [
    ...openSessions(world, seeded),
    ...world.faults
      .list()
      .filter(({ pending }) => pending)
      .map(waitingFault),
    ...world.strays.list(),
    ...unexpectedOpenings(world, options.openings),
  ]
  if (left.length > 0)
    throw new Error(`The mock is not quiet:\n${left.map((line) => `- ${line}`).join('\n')}`)
}

function openSessions({ engine, clock }: Quiet, seeded: ReadonlySet<string>): string[] {
  return [...engine.state.tables.sessions.values()]
    .filter((row) => !isOver(row) && Date.parse(row.expiresAt) > clock.now() && !seeded.has(row.id))
    .map(
      ({ id, integrationName, status }) =>
        `Connect session ${id} for "${integrationName}" is still ${status}: end it with weavz.user.approve or deny, ` +
        "or let it expire with weavz.clock.advance('4h')",
    )
}

function waitingFault({ id, spec, struck }: Fault): string {
  const where = spec.match?.endpoint ?? 'any call'
  return (
    `Fault ${id} (${spec.effect.type} on ${where}) has struck ${struck} times, not ${spec.times ?? 1}: ` +
    `make the calls that it waits for, or take it back with weavz.faults.remove(${id})`
  )
}
