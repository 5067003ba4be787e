import type { Engine } from '../engine.js'
import type { Refusal } from '../refusal.js'
import { ResolutionRefusal } from '../refuse.js'
import type { Denied, Resolution } from '../resolver/index.js'
import { generationOf, keepFresh, renewRejected } from './refresh.js'

/** A call for which a connection was chosen. */
interface Settled {
  readonly answer: Exclude<Resolution, Denied>
}

/**
 * Runs a call to a third party on fresh tokens; once more if the third party answers 401.
 *
 * @param settle Chooses the connection and checks the call, without waiting. It is asked again after each refresh:
 * the world may have changed meanwhile, and whether the refresh succeeded is for the resolver to judge, by the
 * connection's status.
 * @param run What throws an error with `status` 401 says that the access token was refused.
 * @param failure What to answer when `run` has thrown.
 */
export async function withFreshTokens<S extends Settled, T>(
  engine: Engine,
  settle: () => S,
  run: (settled: S) => Promise<T>,
  failure: (error: unknown) => Refusal,
): Promise<T> {
  const settled = await settleFresh(engine, settle)
  const { connection } = settled.answer
  const generation = connection ? generationOf(engine, connection.id) : undefined
  try {
    return await run(settled)
  } catch (error) {
    if (!connection || generation === undefined || !isUnauthorized(error)) throw failure(error)
    await renewRejected(engine, connection.id, generation)
  }
  const again = await settleFresh(engine, settle)
  return run(again).catch((error) => {
    throw failure(error)
  })
}

/**
 * Chooses a connection whose tokens are fresh.
 *
 * @param settle As of `withFreshTokens`.
 */
export async function settleFresh<S extends Settled>(engine: Engine, settle: () => S): Promise<S> {
  let asked: string | undefined
  for (;;) {
    const settled = attempt(settle)
    const { connection } = settled instanceof ResolutionRefusal ? settled.denied : settled.answer
    if (!connection || connection.id === asked) {
      if (settled instanceof ResolutionRefusal) throw settled
      return settled
    }
    const refreshed = keepFresh(engine, connection.id)
    if (!refreshed && !(settled instanceof ResolutionRefusal)) return settled
    asked = connection.id
    await refreshed
  }
}

/** A connection in error may only be waiting for its provider to come back; every other refusal stands. */
function attempt<S>(settle: () => S): S | ResolutionRefusal {
  try {
    return settle()
  } catch (error) {
    if (error instanceof ResolutionRefusal && error.denied.reason === 'CONNECTION_IN_ERROR') return error
    throw error
  }
}

function isUnauthorized(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 401
}
