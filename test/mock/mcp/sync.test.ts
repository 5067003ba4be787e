import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMockWeavz } from '../../../src/mock/index.js'
import { Api } from '../door.js'
import { makeWorkspace } from '../world.js'

const names = ['hash-encode', 'datetime', 'kv-store'] as const
const aliases = ['a', 'b', 'b-c', 'b_c'] as const
const actions = ['hash', 'encode', 'parse_date', 'put', 'get', 'unknown'] as const

const enabledActions = fc.option(fc.subarray([...actions]))
const change = fc.oneof(
  fc.record({
    kind: fc.constant('add' as const),
    body: fc.record({
      integrationName: fc.constantFrom(...names),
      alias: fc.constantFrom(...aliases),
      enabledActions,
    }),
  }),
  fc.record({
    kind: fc.constant('change' as const),
    at: fc.nat(),
    body: fc.record(
      { alias: fc.constantFrom(...aliases), enabledActions, displayName: fc.string() },
      { requiredKeys: ['displayName'] },
    ),
  }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }),
)

it('A server that has followed every change has the tools of one that is new', async () => {
  const outcome = async (changes: readonly (typeof change extends fc.Arbitrary<infer C> ? C : never)[]) => {
    const weavz = createMockWeavz()
    const api = new Api(weavz, 'http://weavz.test', weavz.fetch)
    const { id: workspaceId } = await makeWorkspace(api)
    const toolsOf = async (id: string) => {
      const { tools } = await api.ok('mcpServers.get', { params: { id } })
      return tools.map(
        (tool) => `${tool.integrationAlias}/${tool.actionName}/${tool.sourceWorkspaceIntegrationId}`,
      )
    }
    const newServer = async () =>
      (await api.ok('mcpServers.create', { body: { name: 'S', workspaceId } })).server.id
    const old = await newServer()
    for (const each of changes) {
      const params = { workspaceId }
      // A taken alias is refused, and then nothing may have changed
      if (each.kind === 'add') await api.send('workspaces.integrations.create', { params, body: each.body })
      else {
        const { integrations } = await api.ok('workspaces.integrations.list', { params })
        const id = integrations[each.at % integrations.length]?.id
        if (id === undefined) continue
        const target = { params: { workspaceId, id } }
        if (each.kind === 'remove') await api.ok('workspaces.integrations.delete', target)
        else await api.send('workspaces.integrations.update', { ...target, body: each.body })
      }
      expect((await toolsOf(old)).sort()).toEqual((await toolsOf(await newServer())).sort())
    }
  }
  await fc.assert(fc.asyncProperty(fc.array(change, { maxLength: 8 }), outcome), { numRuns: 60 })
})
