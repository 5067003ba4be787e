import { isWeavzError, type WeavzClient } from '@weavz/sdk'

export interface Ticket {
  readonly customer: string
  readonly subject: string
  /** Your id of the colleague who takes it. */
  readonly assignee: string
}

export type Filed =
  | { readonly status: 'filed'; readonly issue: unknown; readonly announced: boolean }
  | { readonly status: 'connect-github-first'; readonly connectUrl: string; readonly token: string }

/**
 * The support desk of an app: a ticket becomes an issue on GitHub, in the name of the colleague who takes it, and a
 * message on Slack, from the bot of the whole team. It gets its client from whoever builds it, and a test is one of them.
 */
export class SupportDesk {
  constructor(
    private readonly weavz: WeavzClient,
    private readonly workspaceId: string,
    private readonly repository: string,
  ) {}

  async file(ticket: Ticket): Promise<Filed> {
    const { workspaceId } = this
    try {
      const { output } = await this.weavz.actions.execute('github', 'create_issue', {
        workspaceId,
        endUserId: ticket.assignee,
        input: { repository: this.repository, title: `[${ticket.customer}] ${ticket.subject}` },
      })
      return { status: 'filed', issue: output, announced: await this.announce(ticket) }
    } catch (error) {
      if (!isWeavzError(error, 'CONNECTION_REQUIRED')) throw error
      const { connectUrl, token } = await this.weavz.connect.createToken({
        integrationName: 'github',
        connectionName: `GitHub of ${ticket.assignee}`,
        externalId: `github_${ticket.assignee}`,
        workspaceId,
        endUserId: ticket.assignee,
      })
      return { status: 'connect-github-first', connectUrl, token }
    }
  }

  /** The issue is filed by now: that nobody hears of it is no reason to file it again. */
  private async announce({ customer, subject }: Ticket): Promise<boolean> {
    try {
      await this.weavz.actions.execute('slack', 'send_channel_message', {
        workspaceId: this.workspaceId,
        input: { channel: '#support', text: `${customer}: ${subject}` },
      })
      return true
    } catch (error) {
      if (!isWeavzError(error)) throw error
      return false
    }
  }
}
