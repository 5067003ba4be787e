import type { Engine } from '../../engine/engine.js'
import { hashToken } from '../../engine/hash.js'
import { finishAuthorization } from '../../engine/oauth/authorization.js'
import { Refusal } from '../../engine/refusal.js'
import type { SessionRow } from '../../engine/rows.js'
import { recent } from './recent.js'

/**
 * Takes the answers of providers. An answer counts once, but browsers deliver it again when the user reloads the page
 * or clicks "Allow" twice: the same answer then leads to the same end, without another exchange.
 */
export function createSettler(): (
  engine: Engine,
  answer: URLSearchParams,
  redirectUri: string,
) => Promise<SessionRow> {
  const sessions = recent<Promise<string>>()
  return async (engine, answer, redirectUri) => {
    // By its hash: the answer holds the code
    const key = hashToken(answer.toString())
    let settling = sessions.get(key)
    if (!settling) {
      settling = finishAuthorization(engine, answer, redirectUri).then(({ session }) => session.id)
      sessions.set(key, settling)
      settling.catch(() => sessions.delete(key))
    }
    const session = engine.state.tables.sessions.get(await settling)
    if (!session) throw new Refusal('SESSION_NOT_FOUND', 'The connect session is gone.')
    return session
  }
}
