import { isWeavzError, WeavzClient } from '@weavz/sdk'

export type Outcome =
  | { readonly sent: true }
  /** The user has to connect Slack first, on this page. */
  | { readonly sent: false; readonly connectUrl: string; readonly token: string }

/**
 * Sends a reminder from the user's own Slack account. It builds its own client and talks to another service, too:
 * nothing in here knows of tests.
 */
export async function remind(userId: string, text: string): Promise<Outcome> {
  const weavz = new WeavzClient() // WEAVZ_API_KEY
  const workspaceId = process.env['WEAVZ_WORKSPACE_ID'] ?? ''
  const { name, handle } = await profileOf(userId)
  try {
    await weavz.actions.execute('slack', 'send_direct_message', {
      workspaceId,
      endUserId: userId,
      input: { user: handle, text: `${name}: ${text}` },
    })
    return { sent: true }
  } catch (error) {
    if (!isWeavzError(error, 'CONNECTION_REQUIRED')) throw error
    const { connectUrl, token } = await weavz.connect.createToken({
      integrationName: 'slack',
      connectionName: `Slack of ${name}`,
      externalId: `slack_${userId}`,
      workspaceId,
      endUserId: userId,
    })
    return { sent: false, connectUrl, token }
  }
}

async function profileOf(userId: string): Promise<{ name: string; handle: string }> {
  const response = await fetch(`https://people.example.com/users/${encodeURIComponent(userId)}`)
  if (!response.ok) throw new Error(`No profile of ${userId}: ${response.status}`)
  return response.json()
}
