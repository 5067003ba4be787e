import { WeavzClient } from '@weavz/sdk'
import type { MockWeavz, Seed } from '@weavz/sdk/mock'

/** Part of every credential of the seed. */
export const hush = 'hush-hush'

/** A world as tests have it: two tenants, their users, a pinned bot and accounts of their own. */
export const typicalSeed = {
  now: '2025-01-15T10:30:00.000Z',
  workspaces: { acme: { name: 'Acme' }, globex: { slug: 'globex-eu' } },
  endUsers: {
    alice: { workspace: 'acme', externalId: 'user_123', displayName: 'Alice' },
    bob: { workspace: 'acme' },
  },
  apiKeys: { ci: { key: 'wvz_ci_of_the_kit', workspaces: ['acme'] } },
  connections: {
    bot: {
      workspace: 'acme',
      integrationName: 'slack',
      type: 'OAUTH2',
      accessToken: `at-${hush}`,
      refreshToken: `rt-${hush}`,
      expiresIn: 3600,
    },
    alice_slack: {
      endUser: 'alice',
      integrationName: 'slack',
      type: 'PLATFORM_OAUTH2',
      accessToken: `alice-${hush}`,
    },
  },
  workspaceIntegrations: {
    slack_bot: { workspace: 'acme', integrationName: 'slack', alias: 'bot', connection: 'bot' },
    slack: { workspace: 'acme', integrationName: 'slack', connectionStrategy: 'per_user' },
    kv: { workspace: 'acme', integrationName: 'kv-store', settings: { persistence: { scope: 'workspace' } } },
  },
  partials: {
    general: {
      workspaceIntegration: 'slack_bot',
      values: { channel: '#general' },
      enforcedKeys: ['channel'],
    },
  },
} satisfies Seed

export function clientOf(weavz: Pick<MockWeavz, 'apiKey' | 'fetch'>): WeavzClient {
  return new WeavzClient({ apiKey: weavz.apiKey, fetch: weavz.fetch, maxRetries: 0 })
}

export const post = (weavz: MockWeavz, alias: string, input: Record<string, unknown>, endUserId?: string) =>
  clientOf(weavz).actions.execute('slack', 'send_channel_message', {
    workspaceId: weavz.seeded.workspaces.acme as string,
    integrationAlias: alias,
    input,
    ...(endUserId !== undefined && { endUserId }),
  })
