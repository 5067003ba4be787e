/** The suite of an app that builds its own client: `npm run example:testing-msw`. */
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMockWeavz } from '@weavz/sdk/mock'
import { weavzHandlers } from '@weavz/sdk/msw'
import { remind, type Outcome } from './reminders.js'

/** One workspace, in which reminders go out from each user's own Slack. */
const weavz = createMockWeavz({
  seed: {
    workspaces: { acme: {} },
    workspaceIntegrations: {
      slack: { workspace: 'acme', integrationName: 'slack', connectionStrategy: 'per_user' },
    },
  },
})
/** What has arrived in Slack. */
let messages: unknown[]

const people = http.get('https://people.example.com/users/:id', () =>
  HttpResponse.json({ name: 'Ava', handle: '@ava' }),
)
const server = setupServer(people, ...weavzHandlers(weavz))

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))

beforeEach(() => {
  vi.stubEnv('WEAVZ_API_KEY', weavz.apiKey)
  vi.stubEnv('WEAVZ_WORKSPACE_ID', weavz.seeded.workspaces.acme)
  messages = []
  weavz.onAction('slack', 'send_direct_message', ({ input, endUser }) => {
    messages.push({ from: endUser?.externalId, to: input['user'], text: input['text'] })
    return { ok: true }
  })
})

afterEach(() => {
  weavz.reset()
  server.resetHandlers()
  vi.unstubAllEnvs()
})

afterAll(() => server.close())

/** The user follows the link of the reminder and signs in to Slack. */
async function connect(outcome: Outcome): Promise<void> {
  if (outcome.sent) throw new Error('There is nothing to connect')
  await weavz.user.approve(outcome.token)
}

describe('A reminder', () => {
  it('asks a new user to connect Slack, and is sent once they have', async () => {
    const outcome = await remind('ava', 'stand-up in five minutes')
    expect(outcome).toMatchObject({
      sent: false,
      connectUrl: expect.stringContaining('https://api.weavz.io/'),
    })
    expect(messages).toEqual([])

    await connect(outcome)
    expect(await remind('ava', 'stand-up in five minutes')).toEqual({ sent: true })
    expect(messages).toEqual([{ from: 'ava', to: '@ava', text: 'Ava: stand-up in five minutes' }])
  })

  it('never goes out from the account of somebody else', async () => {
    await connect(await remind('ava', 'hello'))
    expect(await remind('ben', 'hello')).toMatchObject({ sent: false })
    expect(messages).toEqual([])
  })

  it('asks again when the user refuses', async () => {
    const outcome = await remind('ava', 'hello')
    if (!outcome.sent) await weavz.user.deny(outcome.token)
    expect(await remind('ava', 'hello')).toMatchObject({ sent: false })
  })

  it('waits when Weavz says that it is too busy, and is sent once', async () => {
    await connect(await remind('ava', 'hello'))
    const busy = http.post(
      'https://api.weavz.io/api/v1/actions/execute',
      () =>
        HttpResponse.json(
          { error: 'Too many requests', code: 'RATE_LIMITED' },
          { status: 429, headers: { 'retry-after': '0' } },
        ),
      { once: true },
    )
    server.use(busy)
    expect(await remind('ava', 'hello')).toEqual({ sent: true })
    expect(busy.isUsed).toBe(true)
    expect(messages).toHaveLength(1)
  })

  it('fails, and is not tried again, when Slack refuses it', async () => {
    await connect(await remind('ava', 'hello'))
    const attempts = vi.fn(() => {
      throw new Error('channel_not_found')
    })
    weavz.onAction('slack', 'send_direct_message', attempts)
    await expect(remind('ava', 'hello')).rejects.toMatchObject({ code: 'ACTION_FAILED' })
    expect(attempts).toHaveBeenCalledOnce()
  })
})
