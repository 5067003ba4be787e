import type { ActionCall, MockWeavz } from '@weavz/sdk/mock'

/** Two accounts at Slack, with the tokens that Slack has issued for them. */
export const accounts = {
  bot: { name: 'Alerts Bot', accessToken: 'xoxb-quickstart-0001' },
  ava: { name: 'Ava Chen', accessToken: 'xoxp-quickstart-0002' },
} as const

/** A message that arrived at Slack. */
export interface Delivery {
  readonly text: unknown
  /** The account that Slack recognised by its token. */
  readonly postedBy: string
  /** The connection that Weavz chose, and why. */
  readonly connection: string
  readonly why: string
}

/**
 * Plays Slack for an offline Weavz. As the real one does, it learns who is calling from the access token alone, and
 * refuses a token that it has not issued.
 */
export function playSlack(offline: MockWeavz): { lastDelivery(): Delivery } {
  const deliveries: Delivery[] = []

  offline.onAction('slack', 'send_channel_message', (call) => {
    const token = call.credentials?.accessToken?.reveal()
    const account = Object.values(accounts).find(({ accessToken }) => accessToken === token)
    if (!account) throw new Error('invalid_auth')
    const { channel, text } = call.input
    deliveries.push({
      text,
      postedBy: account.name,
      connection: call.connection?.externalId ?? 'none',
      why: reasonFor(call),
    })
    return { ok: true, channel, ts: `${deliveries.length}.000000`, message: { text } }
  })

  return {
    lastDelivery() {
      const delivery = deliveries.at(-1)
      if (!delivery) throw new Error('Slack has received no message')
      return delivery
    },
  }
}

/** Why a call ran on its connection, in the words of the three strategies. */
function reasonFor({ connection, endUser, workspaceIntegration }: ActionCall): string {
  const caller = endUser?.externalId ?? 'whoever calls'
  const own = connection?.scope === 'USER' && connection.endUserId === endUser?.externalId
  const target = `${workspaceIntegration?.alias} is ${workspaceIntegration?.connectionStrategy}`
  switch (workspaceIntegration?.connectionStrategy) {
    case 'fixed':
      return `${target}: one pinned connection for everybody, so ${caller} posts as the bot`
    case 'per_user':
      return `${target}: ${caller} posts with their own connection, and with nobody else's`
    case 'per_user_with_fallback':
      return own
        ? `${target}: ${caller} has connected, so their own connection goes first`
        : `${target}: ${caller} has not connected, so the pinned connection steps in`
    default:
      return `the call named ${connection?.externalId} itself`
  }
}
