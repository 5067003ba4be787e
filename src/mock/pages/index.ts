import { Hono, type Context } from 'hono'
import type { Engine } from '../../engine/engine.js'
import { callbackPath } from '../../engine/oauth/authorization.js'
import type { AuthorizationServer } from '../provider/index.js'
import type { RateLimiter } from '../rate-limit.js'
import type { SignIn } from '../sign-in/index.js'
import { createSettler } from './callback.js'
import { createConsentPages } from './consent.js'
import { decideConnect, showConnect, type Visit } from './connect.js'
import { finish } from './finish.js'
import { limitPages } from './limit.js'
import { ownForm } from './own-form.js'
import { connectInPortal, returnToPortal, showPortal } from './portal.js'
import { showRefusal } from './refusal.js'
import { createSignInPages } from './sign-in.js'

/** Values of `Cross-Origin-Opener-Policy` (HTML, section 7.1.3), or none. */
export type CoopValue = 'unsafe-none' | 'same-origin-allow-popups' | 'same-origin' | 'noopener-allow-popups'

export interface PagesOptions {
  /** `Cross-Origin-Opener-Policy` of single pages, to see what an app makes of a window that is cut off. Default: none. */
  readonly coop?: {
    /** The connect page and the portal. */
    readonly connect?: CoopValue
    /** The provider's consent page. */
    readonly provider?: CoopValue
    /** The page that the provider sends the user back to. */
    readonly callback?: CoopValue
    /** The page where end users sign in for MCP clients. */
    readonly signIn?: CoopValue
  }
}

/**
 * What Weavz hosts: the connect page, the way back from the provider, the portal of an end user, where end users
 * sign in for MCP clients; and the consent page of the built-in provider.
 *
 * @param engineFor The engine that works for a request.
 */
export function createPages(
  engineFor: (request: Request) => Engine,
  engine: Engine,
  {
    provider,
    signIn,
    countAddress,
  }: { provider: AuthorizationServer; signIn: SignIn; countAddress: RateLimiter },
  { coop = {} }: PagesOptions = {},
  baseUrl?: string,
): Hono {
  const app = new Hono()
  const visit = ({ req }: Context, policy: string | undefined): Visit => ({
    engine: engineFor(req.raw),
    baseUrl: baseUrl ?? new URL(req.url).origin,
    coop: policy,
  })
  const here = (context: Context) => visit(context, coop.connect)
  const form = ({ req }: Context) => ownForm(req.raw, baseUrl)
  const settle = createSettler()

  const limit = limitPages(countAddress)
  for (const path of ['/connect', '/connect/portal', callbackPath]) app.use(path, limit)
  app.get('/connect', (context) => showConnect(here(context), context.req.query('token') ?? ''))
  app.post('/connect', async (context) => decideConnect(here(context), await form(context)))
  app.get(callbackPath, async (context) => {
    const at = visit(context, coop.callback)
    const answer = new URL(context.req.url).searchParams
    const session = await settle(at.engine, answer, at.baseUrl + callbackPath)
    return finish(at.engine, session, at.coop)
  })
  app.get('/connect/portal', (context) => {
    const { req } = context
    const linkId = req.query('id')
    return linkId === undefined
      ? showPortal(here(context), req.query('token') ?? '')
      : returnToPortal(here(context), linkId, req.header('cookie') ?? '')
  })
  app.post('/connect/portal', async (context) => connectInPortal(here(context), await form(context)))

  app.route('/', createConsentPages(provider, coop.provider, baseUrl))
  app.route('/', createSignInPages(engine, signIn, coop.signIn, baseUrl))
  app.onError(showRefusal)
  return app
}
