import { describe, expect, it } from 'vitest'
import { fails, run, type Input } from './with-builtins.js'

describe('agent-memory', () => {
  const memory = (action: string, input: Input) => run('agent-memory', action, input)

  it('keeps a graph', async () => {
    const entities = [
      { name: 'Ava', type: 'person', observations: ['likes tea'] },
      { name: 'Acme', type: 'company' },
    ]
    expect((await memory('create_entities', { entities })).entities).toHaveLength(2)
    expect(await memory('create_entities', { entities: [{ name: 'Ava', type: 'robot' }] })).toEqual({
      entities: [],
    })
    const relations = [{ from: 'Ava', to: 'Acme', type: 'works at' }]
    expect(await memory('create_relations', { relations })).toEqual({ relations })
    expect(await memory('create_relations', { relations })).toEqual({ relations: [] })
    const observations = [{ entityName: 'Ava', contents: ['likes tea', 'rides a bike'] }]
    const ava = { name: 'Ava', type: 'person', observations: ['likes tea', 'rides a bike'] }
    expect(await memory('add_observations', { observations })).toEqual({ entities: [ava] })
    expect(await memory('search', { query: 'BIKE' })).toEqual({ entities: [ava], relations })
    expect(await memory('get_entity', { name: 'Acme' })).toMatchObject({
      entity: { type: 'company' },
      relations,
    })
    expect(await memory('get_entity', { name: 'Nobody' })).toEqual({ entity: null, relations: [] })

    expect(
      await memory('delete_observations', { entityName: 'Ava', observations: ['likes tea', 'no'] }),
    ).toEqual({
      deleted: 1,
    })
    expect(await memory('delete_relations', { relations: [...relations, ...relations] })).toEqual({
      deleted: 1,
    })
    await memory('create_relations', { relations })
    expect(await memory('delete_entities', { names: ['Ava', 'Nobody'] })).toEqual({ deleted: 1 })
    expect(await memory('read_graph', {})).toMatchObject({ entities: [{ name: 'Acme' }], relations: [] })
  })

  it('fails whole with an unknown entity or a wrong form, and nothing is half-written', async () => {
    const before = await memory('read_graph', {})
    const observations = [
      { entityName: 'Acme', contents: ['x'] },
      { entityName: 'Nobody', contents: ['x'] },
    ]
    expect(await fails('agent-memory', 'add_observations', { observations })).toContain('Nobody')
    const relations = [{ from: 'Acme', to: 'Nobody', type: 'knows' }]
    expect(await fails('agent-memory', 'create_relations', { relations })).toContain('Nobody')
    expect(await fails('agent-memory', 'create_entities', { entities: [{ name: 'x' }] })).toContain('type')
    expect(await memory('read_graph', {})).toEqual(before)
  })
})

describe('agent-scratchpad', () => {
  it('keeps pages', async () => {
    const page = (action: string, input: Input = {}) => run('agent-scratchpad', action, input)
    expect(await page('read_page', { pageName: 'plan' })).toEqual({
      pageName: 'plan',
      content: null,
      found: false,
    })
    await page('write_page', { pageName: 'plan', content: 'One' })
    expect(await page('append_page', { pageName: 'plan', content: '\nTwö' })).toEqual({
      pageName: 'plan',
      size: 8,
    })
    await page('append_page', { pageName: 'other', content: 'x' })
    expect(await page('search_pages', { query: 'TWÖ' })).toEqual({
      pages: [{ pageName: 'plan', content: 'One\nTwö' }],
    })
    const { pages } = await page('list_pages')
    expect(pages[0]).toEqual({ pageName: 'plan', size: 8, updatedAt: '2025-01-15T10:30:00.000Z' })
    expect(await page('delete_page', { pageName: 'other' })).toEqual({ pageName: 'other', deleted: true })
    expect(await page('delete_page', { pageName: 'other' })).toEqual({ pageName: 'other', deleted: false })
    expect(await page('clear_all')).toEqual({ deleted: 1 })
  })
})

describe('sequential-thinking', () => {
  it('keeps chains with branches and revisions', async () => {
    const think = (action: string, input: Input = {}) =>
      run('sequential-thinking', action, { chainId: 'c', ...input })
    await think('add_thought', { content: 'First' })
    const branch = await think('branch_thought', { thoughtId: 1, branchName: 'what if', content: 'Else' })
    expect(branch.thought).toEqual({
      id: 2,
      content: 'Else',
      branchName: 'what if',
      parentId: 1,
      revised: false,
    })
    expect((await think('add_thought', { content: 'Second' })).thought).toMatchObject({ id: 3, parentId: 1 })
    expect((await think('revise_thought', { thoughtId: 1, content: 'Better' })).thought).toMatchObject({
      ...{ id: 1, content: 'Better', revised: true },
    })
    expect((await think('get_chain')).thoughts.map(({ id }: { id: number }) => id)).toEqual([1, 3])
    expect((await think('get_chain', { includeBranches: true })).thoughts).toHaveLength(3)
    expect(await think('summarize_chain')).toEqual({
      ...{ chainId: 'c', count: 3, summary: '1. Better\n2. [what if] Else\n3. Second' },
    })
    const unknown = { chainId: 'c', thoughtId: 9, content: 'x' }
    expect(await fails('sequential-thinking', 'revise_thought', unknown)).toContain('9')
    await fails('sequential-thinking', 'branch_thought', { ...unknown, branchName: 'b' })
    expect(await think('get_chain', { chainId: 'nobody' })).toEqual({ chainId: 'nobody', thoughts: [] })
  })
})
