import { Hono, type Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { isWeavzError, type WeavzClient } from '@weavz/sdk'

/** What this app lets its users connect. */
const integrations = { slack: 'Slack', openai: 'OpenAI' } as const
type Name = keyof typeof integrations

const isOffered = (name: string): name is Name => Object.hasOwn(integrations, name)

/** The back end of the example: the only part that has an API key. */
export function createBackend(weavz: WeavzClient, workspaceId: string): Hono {
  const app = new Hono()
  /** The connect session that each user has started, by user and integration. A real app keeps it in its database. */
  const started = new Map<string, string>()

  /** Who is signed in. A real app has a session here; the example makes up a user for each browser. */
  function signedIn(context: Context): string {
    const known = getCookie(context, 'user')
    if (known !== undefined) return known
    const user = `user_${crypto.randomUUID()}`
    setCookie(context, 'user', user, { httpOnly: true, sameSite: 'Lax' })
    return user
  }

  // Starts a session for the user who is signed in, and remembers that it is theirs.
  app.post('/connect/:integration', async (context) => {
    const user = signedIn(context)
    const integrationName = context.req.param('integration')
    if (!isOffered(integrationName)) return context.json({ error: 'Not offered' }, 404)
    const { token, connectUrl } = await weavz.connect.createToken({
      integrationName,
      connectionName: integrations[integrationName],
      externalId: `${integrationName}_${user}`,
      workspaceId,
      endUserId: user,
    })
    started.set(`${user} ${integrationName}`, token)
    // The page needs these two and nothing else; a cache would hand them to the next user.
    return context.json({ token, connectUrl }, 200, { 'cache-control': 'no-store' })
  })

  // The page says that it is done. Nothing that it says is used: the remembered session is asked, and compared.
  app.post('/connected/:integration', async (context) => {
    const user = signedIn(context)
    const integrationName = context.req.param('integration')
    const token = started.get(`${user} ${integrationName}`)
    if (token === undefined) return context.json({ error: 'You have not started to connect' }, 409)
    const session = await weavz.connect.wait(token)
    if (session.status !== 'COMPLETED' || session.connectionId == null) {
      return context.json({ error: session.error ?? 'Not connected' }, 409)
    }
    const { connection } = await weavz.connections.get(session.connectionId)
    const isTheirs = connection.endUserId === user && connection.integrationName === integrationName
    if (!isTheirs) return context.json({ error: 'This is not the account that you started to connect' }, 409)
    started.delete(`${user} ${integrationName}`)
    return context.json({ account: connection.displayName, status: connection.status })
  })

  // Uses the account: the user's own, because the workspace integration says per_user.
  app.post('/message', async (context) => {
    try {
      const { output } = await weavz.actions.execute('slack', 'send_channel_message', {
        workspaceId,
        endUserId: signedIn(context),
        input: { channel: '#general', text: 'Hello from the example' },
      })
      return context.json({ output })
    } catch (error) {
      if (!isWeavzError(error, 'CONNECTION_REQUIRED')) throw error
      return context.json({ error: 'Connect Slack first' }, 409)
    }
  })

  return app
}
