import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CreatePartial } from '../../src/contract/partials.js'
import { inProcess, throughBothDoors, type Open } from './door.js'
import { configure, makeConnection, makeEndUser, makeWorkspace, nobody } from './world.js'

/** A workspace where GitHub is configured under the alias `bugs`, and a handler that answers its input. */
async function withBugs(open: Open) {
  const api = await open()
  const { id: workspaceId } = await makeWorkspace(api)
  const connection = await makeConnection(api, { integrationName: 'github', externalId: 'gh', workspaceId })
  const bugs = await configure(api, workspaceId, {
    integrationName: 'github',
    alias: 'bugs',
    connectionId: connection.id,
  })
  api.weavz.onAction('github', 'create_issue', ({ input }) => input)
  const add = async (fields: Partial<CreatePartial> & { name: string }) =>
    (await api.ok('partials.create', { body: { workspaceId, integrationName: 'github', ...fields } })).partial
  const call = (input: Record<string, unknown>, fields: object = {}) => ({
    body: { integrationName: 'github', actionName: 'create_issue', workspaceId, input, ...fields },
  })
  const outputOf = async (input: Record<string, unknown>, fields?: object) =>
    (await api.ok('actions.execute', call(input, fields))).output
  return { api, workspaceId, connection, bugs, add, call, outputOf }
}

/** The partials of the documentation's example. */
async function example(add: Awaited<ReturnType<typeof withBugs>>['add']) {
  const acme = await add({
    name: 'Acme',
    values: { owner: 'acme', repository: 'website', milestone: 7 },
    enforcedKeys: ['owner'],
    isDefault: true,
  })
  const form = await add({
    name: 'Bug form',
    actionName: 'create_issue',
    values: { repository: 'tracker', tags: ['bug'] },
    isDefault: true,
  })
  return { acme, form }
}

const caller = { owner: 'somebody', title: 'Crash on save', tags: ['crash', 'p1'] }

throughBothDoors('partials', (open) => {
  it('merge as the example says: suggestions, the caller, what is enforced; whole values are replaced', async () => {
    const { add, outputOf } = await withBugs(open)
    await example(add)
    expect(await outputOf(caller)).toEqual({
      milestone: 7,
      owner: 'acme',
      repository: 'tracker',
      title: 'Crash on save',
      tags: ['crash', 'p1'],
    })
  })

  it('given by name apply exactly; [] applies none', async () => {
    const { add, outputOf } = await withBugs(open)
    await example(add)
    const { owner, ...rest } = caller
    expect(await outputOf(caller, { partialIds: ['Bug form'] })).toEqual({
      ...{ repository: 'tracker', owner, ...rest },
    })
    const plain = { ...caller, repository: 'own' }
    expect(await outputOf(plain, { partialIds: [] })).toEqual(plain)
  })

  it('given by id apply in the order given, the later one winning', async () => {
    const { add, outputOf } = await withBugs(open)
    const { acme, form } = await example(add)
    expect(await outputOf(caller, { partialIds: [form.id, acme.id] })).toMatchObject({
      repository: 'website',
    })
    expect(await outputOf(caller, { partialIds: [acme.id, form.id] })).toMatchObject({
      repository: 'tracker',
    })
  })

  it('a name means the partial of the action before the integration-wide one', async () => {
    const { add, outputOf } = await withBugs(open)
    await add({ name: 'Same', values: { repository: 'wide' } })
    await add({ name: 'Same', actionName: 'create_issue', values: { repository: 'narrow' } })
    expect(await outputOf(caller, { partialIds: ['Same'] })).toMatchObject({ repository: 'narrow' })
  })

  it('the merged input is what the catalog checks', async () => {
    const { api, add, call } = await withBugs(open)
    const { paths } = await api.refused('actions.execute', 'VALIDATION_ERROR', call({ title: 'x' }))
    expect(paths).toEqual(['body.input.repository'])
    await add({ name: 'Repository', values: { repository: 'tracker' }, isDefault: true })
    await api.ok('actions.execute', call({ title: 'x' }))
  })

  it('default partials of another alias do not apply', async () => {
    const { api, workspaceId, connection, add, outputOf } = await withBugs(open)
    await configure(api, workspaceId, {
      integrationName: 'github',
      alias: 'chores',
      connectionId: connection.id,
    })
    await add({
      name: 'Chores',
      integrationAlias: 'chores',
      values: { repository: 'chores' },
      isDefault: true,
    })
    const input = { title: 'x', repository: 'own' }
    expect(await outputOf({ ...input }, { integrationAlias: 'bugs' })).toEqual(input)
  })

  it('of another alias, action or workspace integration are 400 PARTIAL_MISMATCH; unknown ones 404', async () => {
    const { api, workspaceId, connection, add, call } = await withBugs(open)
    await configure(api, workspaceId, { integrationName: 'github', alias: 'b2', connectionId: connection.id })
    const elsewhere = await add({ name: 'Elsewhere', integrationAlias: 'b2' })
    const other = await add({ name: 'Other', integrationAlias: 'bugs', actionName: 'get_repository' })
    const targeted = (partialIds: string[]) => call(caller, { integrationAlias: 'bugs', partialIds })
    for (const idOrName of [elsewhere.id, 'Elsewhere', other.id, 'Other']) {
      await api.refused('actions.execute', 'PARTIAL_MISMATCH', targeted([idOrName]))
    }
    for (const unknown of [nobody, 'Nobody knows']) {
      await api.refused('actions.execute', 'PARTIAL_NOT_FOUND', targeted([unknown]))
    }
  })

  it('follow their workspace integration when its alias changes', async () => {
    const { api, workspaceId, bugs, add, outputOf } = await withBugs(open)
    const { acme } = await example(add)
    const params = { workspaceId, id: bugs.id }
    await api.ok('workspaces.integrations.update', { params, body: { alias: 'issues' } })
    const { partial } = await api.ok('partials.get', { params: { id: acme.id } })
    expect(partial.integrationAlias).toBe('issues')
    expect(await outputOf(caller)).toMatchObject({ owner: 'acme' })
  })

  it('belong to the only workspace integration of that name, or to the one that is selected', async () => {
    const { api, workspaceId, connection, bugs, add } = await withBugs(open)
    expect(await add({ name: 'One' })).toMatchObject({
      workspaceIntegrationId: bugs.id,
      integrationAlias: 'bugs',
    })
    await configure(api, workspaceId, { integrationName: 'github', alias: 'b2', connectionId: connection.id })
    const body = { workspaceId, integrationName: 'github', name: 'Two' }
    await api.refused('partials.create', 'AMBIGUOUS_INTEGRATION', { body })
    expect(await add({ name: 'Two', workspaceIntegrationId: bugs.id })).toMatchObject({
      integrationAlias: 'bugs',
    })
  })

  it('can only be made for what is configured', async () => {
    const { api, workspaceId } = await withBugs(open)
    const body = { workspaceId, integrationName: 'github', name: 'x' }
    await api.refused('partials.create', 'NOT_FOUND', { body: { ...body, integrationName: 'slack' } })
    await api.refused('partials.create', 'NOT_FOUND', { body: { ...body, integrationAlias: 'nope' } })
    await api.refused('partials.create', 'NOT_FOUND', { body: { ...body, workspaceIntegrationId: nobody } })
    await api.refused('partials.create', 'NOT_FOUND', { body: { ...body, workspaceId: nobody } })
    await api.refused('partials.create', 'INTEGRATION_NOT_FOUND', {
      body: { ...body, integrationName: 'no' },
    })
    const mismatch = { ...body, integrationName: 'slack', integrationAlias: 'bugs' }
    await api.refused('partials.create', 'VALIDATION_ERROR', { body: mismatch })
    const both = { ...body, actionName: 'a', triggerName: 'b' }
    await api.refused('partials.create', 'VALIDATION_ERROR', { body: both })
  })

  it('enforce only keys that they have values for, also after a PATCH', async () => {
    const { api, workspaceId, add } = await withBugs(open)
    const body = { workspaceId, integrationName: 'github', name: 'x', values: { a: 1 }, enforcedKeys: ['b'] }
    await api.refused('partials.create', 'VALIDATION_ERROR', { body })
    const { id } = await add({ name: 'Fine', values: { a: 1 }, enforcedKeys: ['a'] })
    await api.refused('partials.update', 'VALIDATION_ERROR', { params: { id }, body: { values: { b: 1 } } })
    const { partial } = await api.ok('partials.get', { params: { id } })
    expect(partial.values).toEqual({ a: 1 })
  })

  it('have names that are unique within alias and operation', async () => {
    const { api, workspaceId, add } = await withBugs(open)
    await add({ name: 'Same' })
    const { id } = await add({ name: 'Same', actionName: 'create_issue' })
    const body = { workspaceId, integrationName: 'github', name: 'Same' }
    await api.refused('partials.create', 'DUPLICATE', { body })
    const second = await add({ name: 'Second', actionName: 'create_issue' })
    const rename = { params: { id: second.id }, body: { name: 'Same' } }
    await api.refused('partials.update', 'DUPLICATE', rename)
    await api.ok('partials.update', { params: { id }, body: { name: 'Same' } })
  })

  it('set-default takes the default away from the others of the same scope, and clearing just clears', async () => {
    const { api, add } = await withBugs(open)
    const first = await add({ name: 'First', isDefault: true })
    const second = await add({ name: 'Second' })
    const narrow = await add({ name: 'Narrow', actionName: 'create_issue', isDefault: true })
    const defaults = async () => {
      const all = [first, second, narrow].map(({ id }) => api.ok('partials.get', { params: { id } }))
      return (await Promise.all(all)).map(({ partial }) => partial.isDefault)
    }
    await api.ok('partials.setDefault', { params: { id: second.id }, body: { isDefault: true } })
    expect(await defaults()).toEqual([false, true, true])
    await api.ok('partials.setDefault', { params: { id: second.id }, body: { isDefault: false } })
    expect(await defaults()).toEqual([false, false, true])
  })

  it('are listed by workspace and by what they are for', async () => {
    const { api, workspaceId, bugs, add } = await withBugs(open)
    await add({ name: 'Wide' })
    await add({ name: 'Narrow', actionName: 'create_issue' })
    const names = async (query: object) =>
      (await api.ok('partials.list', { query: { workspaceId, ...query } })).partials.map(({ name }) => name)
    expect(await names({})).toEqual(['Wide', 'Narrow'])
    expect(await names({ actionName: 'create_issue' })).toEqual(['Narrow'])
    expect(await names({ integrationAlias: 'bugs' })).toEqual(['Wide', 'Narrow'])
    expect(await names({ integrationName: 'slack' })).toEqual([])
    await api.refused('partials.list', 'VALIDATION_ERROR', { query: {} })
    const two = { workspaceId, integrationAlias: 'bugs', workspaceIntegrationId: bugs.id }
    await api.refused('partials.list', 'VALIDATION_ERROR', { query: two })
  })

  it('are deleted once, and with their workspace', async () => {
    const { api, workspaceId, add } = await withBugs(open)
    const { id } = await add({ name: 'x' })
    const { id: other } = await add({ name: 'y' })
    await api.ok('partials.delete', { params: { id } })
    await api.refused('partials.delete', 'PARTIAL_NOT_FOUND', { params: { id } })
    await api.ok('workspaces.delete', { params: { id: workspaceId } })
    await api.refused('partials.get', 'PARTIAL_NOT_FOUND', { params: { id: other } })
  })

  it('apply to dynamic options, too', async () => {
    const { api, workspaceId, add } = await withBugs(open)
    await makeEndUser(api, workspaceId)
    await example(add)
    api.weavz.onOptions('github', 'create_issue', 'repository', ({ input }) => [
      { label: String(input['owner']), value: 'x' },
    ])
    const params = { integrationName: 'github' }
    const body = {
      propertyName: 'repository',
      actionName: 'create_issue',
      workspaceId,
      input: { owner: 'me' },
    }
    const { options } = await api.ok('integrations.resolveOptions', { params, body })
    expect(options[0]?.label).toBe('acme')
  })
})

/** The merge, as the documentation says it: layer by layer, key by key. */
function merged(
  partials: readonly { values: Record<string, unknown>; enforcedKeys: string[] }[],
  input: Record<string, unknown>,
) {
  const result: Record<string, unknown> = {}
  const apply = (layer: Record<string, unknown>) => {
    for (const name of Object.keys(layer)) result[name] = layer[name]
  }
  const only = (values: Record<string, unknown>, pass: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => pass(name)))
  for (const { values, enforcedKeys } of partials) apply(only(values, (name) => !enforcedKeys.includes(name)))
  apply(input)
  for (const { values, enforcedKeys } of partials) apply(only(values, (name) => enforcedKeys.includes(name)))
  return result
}

it('property: any partials over any input merge as the layers say', async () => {
  const { api, workspaceId, add, call } = await withBugs(inProcess)
  const key = fc.constantFrom('title', 'repository', 'a', 'b', 'c')
  const values = fc.dictionary(key, fc.string(), { maxKeys: 5 })
  const partial = fc.record({ values, enforced: fc.array(key) })
  let serial = 0
  await fc.assert(
    fc.asyncProperty(fc.array(partial, { maxLength: 4 }), values, async (drawn, given) => {
      const input = { title: 't', repository: 'r', ...given }
      const partials = await Promise.all(
        drawn.map(({ values, enforced }) => {
          const enforcedKeys = [...new Set(enforced)].filter((name) => Object.hasOwn(values, name))
          return add({ name: `p${serial++}`, values, enforcedKeys })
        }),
      )
      const partialIds = partials.map(({ id }) => id)
      const { output } = await api.ok('actions.execute', call(input, { partialIds }))
      expect(output).toEqual(merged(partials, input))
      await Promise.all(partialIds.map((id) => api.ok('partials.delete', { params: { id } })))
    }),
    { numRuns: 60 },
  )
  const { partials } = await api.ok('partials.list', { query: { workspaceId } })
  expect(partials).toEqual([])
})
