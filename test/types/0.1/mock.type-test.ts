import { WeavzClient } from '@weavz/sdk'
import { SeedError, createMockWeavz } from '@weavz/sdk/mock'
import type { ActionHandler, MockWeavz, MockWeavzOptions } from '@weavz/sdk/mock'
import { weavzMatchers } from '@weavz/sdk/mock/matchers'
import { listen } from '@weavz/sdk/mock/node'
import { isA } from '../expect.js'

const options: MockWeavzOptions = {
  apiKey: 'wvz_test',
  strict: false,
  accessTokenLifetime: 60,
  journalLimit: 10,
}
const send: ActionHandler = ({ input, credentials }) => [input, credentials?.['accessToken']?.reveal()]

export async function plays(): Promise<void> {
  const weavz = createMockWeavz({ ...options, seed: { workspaces: { acme: {} } } })
  isA<string>()(weavz.seeded.workspaces.acme)
  const client = new WeavzClient({ apiKey: weavz.apiKey, fetch: weavz.fetch })
  await weavz.ready
  weavz.onAction('slack', 'send_channel_message', send)
  weavz.onOptions('slack', 'send_channel_message', 'channel', () => [{ label: '#general', value: 'C01' }])

  const { token } = await client.connect.createToken({
    integrationName: 'slack',
    connectionName: 'Slack',
    externalId: 'e',
    workspaceId: weavz.seeded.workspaces.acme,
  })
  await weavz.user.approve(token, { accessToken: 't' })
  await weavz.user.deny(token, 'no')
  await weavz.user.abandon(token)

  weavz.clock.freeze('2025-01-15T10:30:00.000Z')
  await weavz.clock.advance('4h')
  weavz.faults.add({ match: { endpoint: 'actions.execute' }, effect: { type: 'rate-limit' }, times: 2 })
  for (const { seq, request, response } of weavz.calls('actions.execute')) {
    console.log(seq, request.path, response?.status)
  }
  isA<number>()(weavz.journal.count)
  for (const { field } of weavz.openings.list()) console.log(field)
  console.log(weavz.explain({ workspaceId: 'w', integrationName: 'slack' }).outcome)
  weavz.restore(weavz.snapshot())
  const fork = weavz.fork()
  isA<MockWeavz>()(fork)
  fork.reset()
  fork.assertQuiet()

  const server = await listen(weavz, { port: 0, host: '127.0.0.1' })
  isA<string>()(server.url)
  isA<number>()(server.port)
  await server.close()
}

export function seedFailed(error: unknown): void {
  if (error instanceof SeedError) isA<Error>()(error)
}

export const matchers: object = weavzMatchers
