import { expectTypeOf, test } from 'vitest'
import type { contract } from '../../src/contract/index.js'
import type { AnyEndpoint, ItemOf, ResponseOf } from '../../src/contract/endpoint.js'
import type { ActionSucceeded, APIPromise, Connection, ListPromise, WeavzClient } from '../../src/index.js'

type Result<Method extends (...args: never[]) => unknown> = Awaited<ReturnType<Method>>
type Item<Method extends (...args: never[]) => unknown> =
  ReturnType<Method> extends AsyncIterable<infer I> ? I : never

type Equal<A, B> = [A, B] extends [B, A] ? true : false
type Keys<T> = T extends unknown ? keyof T : never

/**
 * Return types are written out by hand: each is what the contract says. Keys are compared on their own, because a type
 * with an optional field and one without are assignable to each other.
 */
type SameAsContract<Method extends (...args: never[]) => unknown, E extends AnyEndpoint> =
  Equal<Result<Method>, ResponseOf<E>> extends true ? Equal<Keys<Result<Method>>, Keys<ResponseOf<E>>> : false
type SameItem<Method extends (...args: never[]) => unknown, E extends AnyEndpoint> = Equal<
  Item<Method>,
  ItemOf<E>
>

type C = typeof contract
type W = WeavzClient

test('every method returns what the contract says', () => {
  expectTypeOf<SameAsContract<W['workspaces']['list'], C['workspaces']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['workspaces']['create'], C['workspaces']['create']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['workspaces']['get'], C['workspaces']['get']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['workspaces']['update'], C['workspaces']['update']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['workspaces']['delete'], C['workspaces']['delete']>>().toEqualTypeOf<true>()

  type WI = W['workspaces']['integrations']
  expectTypeOf<SameAsContract<WI['list'], C['workspaceIntegrations']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<WI['create'], C['workspaceIntegrations']['create']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<WI['update'], C['workspaceIntegrations']['update']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<WI['delete'], C['workspaceIntegrations']['delete']>>().toEqualTypeOf<true>()
  expectTypeOf<W['workspaces']['addIntegration']>().toEqualTypeOf<WI['create']>()
  expectTypeOf<W['workspaces']['listIntegrations']>().toEqualTypeOf<WI['list']>()
  expectTypeOf<W['workspaces']['updateIntegration']>().toEqualTypeOf<WI['update']>()
  expectTypeOf<W['workspaces']['removeIntegration']>().toEqualTypeOf<WI['delete']>()

  expectTypeOf<SameAsContract<W['connections']['list'], C['connections']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['connections']['get'], C['connections']['get']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['connections']['create'], C['connections']['create']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['connections']['delete'], C['connections']['delete']>>().toEqualTypeOf<true>()
  expectTypeOf<
    SameAsContract<W['connections']['resolve'], C['connections']['resolve']>
  >().toEqualTypeOf<true>()

  expectTypeOf<
    SameAsContract<W['connect']['createToken'], C['connect']['createToken']>
  >().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['connect']['getSession'], C['connect']['getSession']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['connect']['poll'], C['connect']['poll']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['connect']['wait'], C['connect']['poll']>>().toEqualTypeOf<true>()

  expectTypeOf<SameAsContract<W['endUsers']['list'], C['endUsers']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['endUsers']['create'], C['endUsers']['create']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['endUsers']['get'], C['endUsers']['get']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['endUsers']['update'], C['endUsers']['update']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['endUsers']['delete'], C['endUsers']['delete']>>().toEqualTypeOf<true>()
  expectTypeOf<
    SameAsContract<W['endUsers']['createConnectToken'], C['endUsers']['createConnectToken']>
  >().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['endUsers']['invite'], C['endUsers']['invite']>>().toEqualTypeOf<true>()

  expectTypeOf<SameAsContract<W['actions']['execute'], C['actions']['execute']>>().toEqualTypeOf<true>()

  type I = W['integrations']
  expectTypeOf<SameAsContract<I['list'], C['integrations']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<I['listSummary'], C['integrations']['listSummary']>>().toEqualTypeOf<true>()
  expectTypeOf<
    SameAsContract<I['resolveOptions'], C['integrations']['resolveOptions']>
  >().toEqualTypeOf<true>()
  expectTypeOf<
    SameAsContract<I['resolveProperty'], C['integrations']['resolveProperty']>
  >().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<I['oauthStatus'], C['integrations']['oauthStatus']>>().toEqualTypeOf<true>()

  expectTypeOf<SameAsContract<W['apiKeys']['list'], C['apiKeys']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['apiKeys']['create'], C['apiKeys']['create']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<W['apiKeys']['delete'], C['apiKeys']['delete']>>().toEqualTypeOf<true>()

  type T = W['triggers']
  expectTypeOf<SameAsContract<T['list'], C['triggers']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<T['enable'], C['triggers']['enable']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<T['disable'], C['triggers']['disable']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<T['test'], C['triggers']['test']>>().toEqualTypeOf<true>()

  type AP = W['approvalPolicies']
  expectTypeOf<SameAsContract<AP['list'], C['approvalPolicies']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<AP['create'], C['approvalPolicies']['create']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<AP['test'], C['approvalPolicies']['test']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<AP['get'], C['approvalPolicies']['get']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<AP['update'], C['approvalPolicies']['update']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<AP['delete'], C['approvalPolicies']['delete']>>().toEqualTypeOf<true>()

  type A = W['approvals']
  expectTypeOf<SameAsContract<A['list'], C['approvals']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<A['get'], C['approvals']['get']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<A['wait'], C['approvals']['get']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<A['approve'], C['approvals']['approve']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<A['reject'], C['approvals']['reject']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<A['cancel'], C['approvals']['cancel']>>().toEqualTypeOf<true>()

  type M = W['mcpServers']
  expectTypeOf<SameAsContract<M['list'], C['mcpServers']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<M['create'], C['mcpServers']['create']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<M['get'], C['mcpServers']['get']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<M['update'], C['mcpServers']['update']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<M['delete'], C['mcpServers']['delete']>>().toEqualTypeOf<true>()
  expectTypeOf<
    SameAsContract<M['regenerateToken'], C['mcpServers']['regenerateToken']>
  >().toEqualTypeOf<true>()
  expectTypeOf<
    SameAsContract<M['createAccessToken'], C['mcpServers']['createAccessToken']>
  >().toEqualTypeOf<true>()
  expectTypeOf<
    SameAsContract<M['createOAuthToken'], C['mcpServers']['createOAuthToken']>
  >().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<M['executeCode'], C['mcpServers']['executeCode']>>().toEqualTypeOf<true>()
  expectTypeOf<
    SameAsContract<M['getDeclarations'], C['mcpServers']['getDeclarations']>
  >().toEqualTypeOf<true>()
  type MT = M['tools']
  expectTypeOf<SameAsContract<MT['create'], C['mcpTools']['create']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<MT['update'], C['mcpTools']['update']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<MT['delete'], C['mcpTools']['delete']>>().toEqualTypeOf<true>()
  expectTypeOf<M['addTool']>().toEqualTypeOf<MT['create']>()
  expectTypeOf<M['updateTool']>().toEqualTypeOf<MT['update']>()
  expectTypeOf<M['deleteTool']>().toEqualTypeOf<MT['delete']>()

  type P = W['partials']
  expectTypeOf<SameAsContract<P['list'], C['partials']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<P['create'], C['partials']['create']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<P['get'], C['partials']['get']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<P['update'], C['partials']['update']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<P['delete'], C['partials']['delete']>>().toEqualTypeOf<true>()
  expectTypeOf<SameAsContract<P['setDefault'], C['partials']['setDefault']>>().toEqualTypeOf<true>()
})

test('a list iterates over the items that the contract says', () => {
  expectTypeOf<SameItem<W['workspaces']['list'], C['workspaces']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<
    SameItem<W['workspaces']['integrations']['list'], C['workspaceIntegrations']['list']>
  >().toEqualTypeOf<true>()
  expectTypeOf<SameItem<W['connections']['list'], C['connections']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameItem<W['endUsers']['list'], C['endUsers']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameItem<W['apiKeys']['list'], C['apiKeys']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameItem<W['mcpServers']['list'], C['mcpServers']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameItem<W['partials']['list'], C['partials']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameItem<W['triggers']['list'], C['triggers']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameItem<W['approvals']['list'], C['approvals']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameItem<W['approvalPolicies']['list'], C['approvalPolicies']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<SameItem<W['integrations']['list'], C['integrations']['list']>>().toEqualTypeOf<true>()
  expectTypeOf<
    SameItem<W['integrations']['listSummary'], C['integrations']['listSummary']>
  >().toEqualTypeOf<true>()
})

test('what the documentation writes compiles', () => {
  const written = async (client: WeavzClient, token: string) => {
    const { connections, total } = await client.connections.list()
    const slackConnections = connections.filter((c: any) => c.integrationName === 'slack')
    const { connectUrl } = await client.connect.createToken({
      integrationName: 'slack',
      connectionName: 'My Slack',
      externalId: 'my_slack',
      workspaceId: '550e8400-e29b-41d4-a716-446655440000',
    })
    const session = await client.connect.wait(token)
    const { integration: slack } = await client.integrations.get('slack')
    const { output } = await client.actions.execute('slack', 'send_channel_message', {
      workspaceId: connectUrl,
    })
    return { total, slackConnections, status: session.status, actions: slack.actions, output }
  }
  expectTypeOf(written).returns.resolves.toHaveProperty('total').toBeNumber()
  expectTypeOf(written).returns.resolves.toHaveProperty('slackConnections').toEqualTypeOf<Connection[]>()
})

test('what the API would refuse does not compile', () => {
  const refused = (client: WeavzClient) => {
    // @ts-expect-error workspaceId is always required
    void client.actions.execute('slack', 'send_channel_message', {})
    // @ts-expect-error a misspelt field
    void client.workspaces.create({ name: 'Acme', slugg: 'acme' })
    const openai = {
      type: 'SECRET_TEXT',
      integrationName: 'openai',
      externalId: 'a',
      displayName: 'A',
    } as const
    // @ts-expect-error a field of another type of connection
    void client.connections.create({ ...openai, secretText: 'sk', username: 'u' })
    // @ts-expect-error its own field is missing
    void client.connections.create(openai)
    // @ts-expect-error an end user list needs its workspace
    void client.endUsers.list()
    // @ts-expect-error requests are closed, though responses are open
    void client.workspaces.addIntegration('w', { integrationName: 'slack', connectionStrategy: 'per_team' })
    // @ts-expect-error an id is a string
    void client.connections.delete(7)
    // @ts-expect-error a misspelt option
    void client.connections.delete('id', { retries: 3 })
    // @ts-expect-error a misspelt field of a result
    void client.connections.get('id').then(({ connection }) => connection.extrenalId)
  }
  expectTypeOf(refused).toBeFunction()
})

test('an answer narrows on success', () => {
  const narrowed = async (client: WeavzClient) => {
    const result = await client.actions.execute('slack', 'x', { workspaceId: 'w' })
    if (result.success) expectTypeOf(result).toEqualTypeOf<ActionSucceeded>()
    else expectTypeOf(result.approval.id).toBeString()
  }
  expectTypeOf(narrowed).toBeFunction()
})

test('what an editor shows is short', () => {
  expectTypeOf<ReturnType<W['connections']['get']>>().toEqualTypeOf<APIPromise<{ connection: Connection }>>()
  expectTypeOf<ReturnType<W['connections']['list']>>().toEqualTypeOf<
    ListPromise<{ connections: Connection[]; total: number }, Connection>
  >()
})
