import { describe, expect, it } from 'vitest'
import { WeavzClient, isWeavzError } from '../../src/index.js'
import { createMockWeavz } from '../../src/mock/index.js'
import { hush } from './door.js'

const weavz = createMockWeavz({ seed: { workspaces: { acme: {} } } })
weavz.registerTrigger('slack', 'new_message', { sample: {} })
const client = new WeavzClient({ apiKey: weavz.apiKey, fetch: weavz.fetch })
const workspaceId = weavz.seeded.workspaces.acme

/** What a call says that names something of the catalog: `integration` and `operation` are its names. */
type Use = (integration: string, operation: string) => PromiseLike<unknown>

const integrations: Record<string, Use> = {
  'actions.execute': (name) => client.actions.execute(name, 'send_channel_message', { workspaceId }),
  'connections.resolve': (integrationName) => client.connections.resolve({ integrationName, workspaceId }),
  'integrations.get': (name) => client.integrations.get(name),
  'workspaces.integrations.create': (integrationName) =>
    client.workspaces.integrations.create(workspaceId, { integrationName }),
  'triggers.test': (name) => client.triggers.test(name, 'new_message'),
}
const operations: Record<string, Use> = {
  'actions.execute': (name, action) => client.actions.execute(name, action, { workspaceId }),
  'integrations.resolveOptions': (name, actionName) =>
    client.integrations.resolveOptions(name, { actionName, propertyName: 'channel', workspaceId }),
}

/** The refusal of a call, with the hint that both its details and its message carry. */
async function refusal(call: PromiseLike<unknown>) {
  const error = await Promise.resolve(call).catch((thrown: unknown) => thrown)
  if (!isWeavzError(error)) throw new Error('Nothing was refused')
  const { code, hint } = error
  const { details } = error as { details?: unknown }
  return { code, hint, details, message: error.message }
}

describe.each(Object.entries(integrations))(
  'An integration that the catalog does not have, by %s',
  (_, use) => {
    it('is answered with the nearest that it has', async () => {
      const hint = 'Did you mean "slack"?'
      expect(await refusal(use('slak', ''))).toMatchObject({
        ...{ code: 'INTEGRATION_NOT_FOUND', hint, details: { hint } },
        message: expect.stringContaining(hint),
      })
    })

    it('is answered without a hint where none comes near', async () => {
      const { code, hint, details } = await refusal(use('no-such-integration-anywhere', ''))
      expect({ code, hint, details }).toEqual({ code: 'INTEGRATION_NOT_FOUND' })
    })

    it('is not shown if it is a key', async () => {
      const key = `wvz_${hush.replaceAll(/\W/g, '')}${'0'.repeat(20)}`
      expect(JSON.stringify(await refusal(use(key, '')))).not.toContain(key.slice(4))
    })
  },
)

describe.each(Object.entries(operations))('An action that the integration does not have, by %s', (_, use) => {
  it('is answered with the nearest that it has', async () => {
    expect(await refusal(use('slack', 'send_chanel_message'))).toMatchObject({
      ...{ code: 'ACTION_NOT_FOUND', hint: 'Did you mean "send_channel_message"?' },
    })
  })

  it('is answered without a hint where none comes near', async () => {
    expect(await refusal(use('slack', 'x'))).toMatchObject({ hint: undefined, details: undefined })
  })
})

it('A trigger that the integration does not have is answered with the nearest that it has', async () => {
  expect(await refusal(client.triggers.test('slack', 'new_mesage'))).toMatchObject({
    ...{ code: 'TRIGGER_NOT_FOUND', hint: 'Did you mean "new_message"?' },
  })
})

it('The alias of an integration in the place of its name is told as one, with both', async () => {
  await client.workspaces.integrations.create(workspaceId, {
    ...{ integrationName: 'slack', alias: 'team_bot', connectionStrategy: 'per_user' },
  })
  const text =
    'integrationName takes the name of an integration, but "team_bot" is integrationAlias, ' +
    'the alias of a workspace integration: pass integrationName: "slack"'
  const hintOf = async (call: PromiseLike<unknown>) => (await refusal(call)).hint
  const execute = client.actions.execute('team_bot', 'send_channel_message', { workspaceId })
  expect(await hintOf(execute)).toBe(`${text} and integrationAlias: "team_bot"`)
  expect(await hintOf(client.connections.resolve({ integrationName: 'team_bot', workspaceId }))).toBe(text)
})
