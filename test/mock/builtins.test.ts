import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inProcess } from './door.js'
import { fails, run, type Input } from './with-builtins.js'
import { configure, makeEndUser, makeWorkspace } from './world.js'

describe('hash-encode', () => {
  it.each(['sha256', 'sha1'])('hashes with %s as Node does', async (algorithm) => {
    const text = 'Weavz ✓'
    const expected = createHash(algorithm).update(text)
    expect(await run('hash-encode', 'hash', { text, algorithm, encoding: 'base64' })).toEqual({
      hash: expected.digest('base64'),
    })
  })

  it.each(['base64', 'hex', 'url'])('property: what is encoded as %s decodes to itself', async (encoding) => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const { encoded } = await run('hash-encode', 'encode', { text, encoding })
        expect(await run('hash-encode', 'decode', { encoded, encoding })).toEqual({ decoded: text })
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    ['base64', '***'],
    ['base64', btoa('\xff\xfe')],
    ['hex', 'xyz'],
    ['url', '%E0%A4%A'],
  ])('fails to decode what is no %s of UTF-8: %s', async (encoding, encoded) => {
    expect(await fails('hash-encode', 'decode', { encoded, encoding })).toContain(encoding)
  })

  it('generates 1 to 100 UUIDs, all different', async () => {
    const { uuids } = await run('hash-encode', 'generate_uuid', { count: 100 })
    expect(new Set(uuids).size).toBe(100)
    expect((await run('hash-encode', 'generate_uuid', {})).uuids).toHaveLength(1)
    for (const count of [0, 101, 1.5, -1]) await fails('hash-encode', 'generate_uuid', { count })
  })
})

describe('datetime', () => {
  it.each([
    ['2025-03-30T01:30:00Z', undefined, '2025-03-30T01:30:00.000Z', 'UTC'],
    ['2025-03-30T03:30:00', 'Europe/Berlin', '2025-03-30T03:30:00.000+02:00', 'Europe/Berlin'],
    [
      'Wed, 15 Jan 2025 10:30:00 GMT',
      'America/New_York',
      '2025-01-15T05:30:00.000-05:00',
      'America/New_York',
    ],
    ['January 15, 2025', undefined, '2025-01-15T00:00:00.000Z', 'UTC'],
  ])('reads %s in %s', async (dateString, timezone, iso, named) => {
    const parsed = await run('datetime', 'parse_date', { dateString, ...(timezone && { timezone }) })
    expect(parsed).toEqual({ iso, timestamp: Date.parse(iso), timezone: named })
  })

  it.each([
    ['iso', '2025-01-05T09:07:03.000Z'],
    ['us', '01/05/2025'],
    ['eu', '05/01/2025'],
    ['long', 'January 5, 2025'],
    ['short', 'Jan 5, 2025'],
    ['time', '09:07:03'],
    ['datetime', '2025-01-05 09:07:03'],
    ['relative', '10 days ago'],
  ])('prints in the format %s', async (format, formatted) => {
    const date = '2025-01-05T09:07:03Z'
    expect(await run('datetime', 'format_date', { date, format })).toEqual({ formatted })
  })

  it.each([
    ['2024-01-31', 'add', 1, 'months', '2024-02-29T00:00:00.000Z', undefined],
    ['2024-02-29', 'add', 1, 'years', '2025-02-28T00:00:00.000Z', undefined],
    ['2025-01-01', 'subtract', 1, 'seconds', '2024-12-31T23:59:59.000Z', undefined],
    // A day is a day on the calendar, also where one hour of it is missing
    ['2025-03-29T12:00:00', 'add', 1, 'days', '2025-03-30T12:00:00.000+02:00', 'Europe/Berlin'],
    ['2025-03-29T12:00:00', 'add', 24, 'hours', '2025-03-30T13:00:00.000+02:00', 'Europe/Berlin'],
  ])('%s: %s %d %s is %s', async (date, operation, amount, unit, iso, timezone) => {
    const input = { date, operation, amount, unit, ...(timezone && { timezone }) }
    expect(await run('datetime', 'date_math', input)).toEqual({ iso })
  })

  it.each([
    [{ date: '2025-01-15T09:00:00Z' }, true],
    [{ date: '2025-01-15T16:59:59Z' }, true],
    [{ date: '2025-01-15T17:00:00Z' }, false],
    [{ date: '2025-01-18T12:00:00Z' }, false],
    [{ date: '2025-01-19T12:00:00Z', workDays: [0] }, true],
    [{ date: '2025-01-15T12:00:00Z', timezone: 'Asia/Tokyo' }, false],
    [{ date: '2025-01-15T20:00:00Z', startHour: 18, endHour: 24 }, true],
    // The mock's own clock says Wednesday, 10:30
    [{}, true],
  ])('business hours of %j: %s', async (input, isBusinessHours) => {
    expect(await run('datetime', 'is_business_hours', input)).toEqual({ isBusinessHours })
  })

  it('fails with a date or a zone that is none', async () => {
    expect(await fails('datetime', 'parse_date', { dateString: 'someday' })).toContain('someday')
    const input = { dateString: '2025-01-01', timezone: 'Mars/Olympus' }
    expect(await fails('datetime', 'parse_date', input)).toContain('Mars/Olympus')
    await fails('datetime', 'is_business_hours', { workDays: [7] })
  })
})

describe('data-transformer', () => {
  it('maps fields by JSONPath', async () => {
    const input = { users: [{ name: 'Ava', tags: ['a', 'b'] }, { name: 'Ben' }] }
    const mapping = {
      first: '$.users[0].name',
      all: '$.users[*].name',
      none: '$.nobody',
      tags: "$['users'][0].tags",
    }
    expect(await run('data-transformer', 'transform_json', { input, mapping })).toEqual({
      output: { first: 'Ava', all: ['Ava', 'Ben'], none: null, tags: ['a', 'b'] },
    })
    expect(await fails('data-transformer', 'transform_json', { input, mapping: { x: 'users[' } })).toContain(
      'users[',
    )
  })

  it.each([
    ['deep', { a: { x: 1, y: 3 }, b: [2], c: 4 }],
    ['shallow', { a: { y: 3 }, b: [2], c: 4 }],
    ['first', { a: { x: 1, y: 2 }, b: [1], c: 4 }],
    ['last', { a: { y: 3 }, b: [2], c: 4 }],
  ])('merges objects with the strategy %s', async (strategy, merged) => {
    const objects = [
      { a: { x: 1, y: 2 }, b: [1] },
      { a: { y: 3 }, b: [2], c: 4 },
    ]
    expect(await run('data-transformer', 'merge_objects', { objects, strategy })).toEqual({ merged })
  })

  it.each([
    [{ age: { $gt: 30 } }, ['Ben', 'Cy']],
    [{ age: { $gte: 30, $lt: 40 } }, ['Ava', 'Ben']],
    [{ age: { $lte: 30 } }, ['Ava']],
    [{ name: 'Ava' }, ['Ava']],
    [{ name: { $ne: 'Ava' }, age: 35 }, ['Ben']],
    [{ name: { $in: ['Ava', 'Cy'] } }, ['Ava', 'Cy']],
    [{ name: { $nin: ['Ava', 'Cy'] } }, ['Ben', undefined]],
    [{ at: { city: 'Oslo' } }, ['Cy']],
  ])('filters by %j', async (conditions, names) => {
    const array = [
      { name: 'Ava', age: 30 },
      { name: 'Ben', age: 35 },
      { name: 'Cy', age: 40, at: { city: 'Oslo' } },
      {},
    ]
    const { items, count } = await run('data-transformer', 'filter_array', { array, conditions })
    expect(items.map((item: { name?: string }) => item.name)).toEqual(names)
    expect(count).toBe(names.length)
  })

  it('fails with an operator that is none', async () => {
    const error = await fails('data-transformer', 'filter_array', {
      array: [{}],
      conditions: { a: { $regex: 'x' } },
    })
    expect(error).toContain('$regex')
  })

  it('property: batches are full but for the last, and together the array', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), async (array, batchSize) => {
        const { batches, count } = await run('data-transformer', 'batch_array', { array, batchSize })
        expect(batches.flat()).toEqual(array)
        expect(count).toBe(Math.ceil(array.length / batchSize))
        for (const batch of batches.slice(0, -1)) expect(batch).toHaveLength(batchSize)
      }),
      { numRuns: 40 },
    )
    for (const batchSize of [0, -1, 1.5])
      await fails('data-transformer', 'batch_array', { array: [1], batchSize })
  })
})

describe('storage', () => {
  it('keeps texts and bytes', async () => {
    const path = 'notes/a.txt'
    expect(await run('storage', 'write_file', { path, content: 'Grüße' })).toEqual({
      ...{ path, size: 7, contentType: 'text/plain' },
    })
    expect(await run('storage', 'read_file', { path })).toMatchObject({ content: 'Grüße', encoding: 'utf8' })
    const base64 = Buffer.from([0xff, 0, 1]).toString('base64')
    const bytes = { path: 'b.bin', content: base64, contentEncoding: 'base64' }
    expect(await run('storage', 'write_file', bytes)).toMatchObject({ size: 3 })
    expect(await run('storage', 'read_file', { path: 'b.bin', outputEncoding: 'base64' })).toMatchObject({
      content: base64,
    })
    expect(await fails('storage', 'read_file', { path: 'b.bin' })).toContain('base64')
  })

  it('gives a URL that downloads', async () => {
    await run('storage', 'write_file', { path: 'd.txt', content: 'data', contentType: 'text/csv' })
    const { url, expiresAt } = await run('storage', 'get_download_url', {
      path: 'd.txt',
      expiresInSeconds: 60,
    })
    const response = await fetch(url)
    expect([response.headers.get('content-type'), await response.text()]).toEqual(['text/csv', 'data'])
    expect(expiresAt).toBe('2025-01-15T10:31:00.000Z')
    await fails('storage', 'get_download_url', { path: 'd.txt', expiresInSeconds: 59 })
  })

  it('lists by prefix, deletes once, and fails where there is no file', async () => {
    await run('storage', 'write_file', { path: 'x/1', content: '' })
    await run('storage', 'write_file', { path: 'x/2', content: '' })
    const { files } = await run('storage', 'list_files', { prefix: 'x/' })
    expect(files.map(({ path }: { path: string }) => path)).toEqual(['x/1', 'x/2'])
    expect(await run('storage', 'delete_file', { path: 'x/1' })).toEqual({ path: 'x/1', deleted: true })
    expect(await run('storage', 'delete_file', { path: 'x/1' })).toEqual({ path: 'x/1', deleted: false })
    expect(await fails('storage', 'read_file', { path: 'x/1' })).toContain('x/1')
    await fails('storage', 'get_download_url', { path: 'x/1' })
    await fails('storage', 'write_file', { path: '', content: '' })
    await fails('storage', 'write_file', { path: 'y', content: '*', contentEncoding: 'base64' })
  })
})

describe.each([
  ['storage', 'write_file', { path: 'p', content: 'x' }, 'list_files', {}],
  ['kv-store', 'put', { key: 'p', value: 1 }, 'get', { key: 'p' }],
  ['agent-memory', 'create_entities', { entities: [{ name: 'p', type: 't' }] }, 'read_graph', {}],
  ['agent-scratchpad', 'write_page', { pageName: 'p', content: 'x' }, 'list_pages', {}],
  ['sequential-thinking', 'add_thought', { chainId: 'p', content: 'x' }, 'get_chain', { chainId: 'p' }],
])('the state of %s', (integrationName, write, input, read, query) => {
  it('is kept per end user, per workspace or per namespace key, as the workspace integration says', async () => {
    const world = await inProcess()
    const { id } = await makeWorkspace(world)
    for (const user of ['ava', 'ben']) await makeEndUser(world, id, user)
    const scopes = [
      ['mine', { scope: 'end_user' }],
      ['ours', { scope: 'workspace' }],
      ['theirs', { scope: 'external', externalId: 'tenant' }],
    ] as const
    for (const [alias, persistence] of scopes) {
      await configure(world, id, { integrationName, alias, settings: { persistence } })
    }
    const outputOf = async (
      actionName: string,
      input: Input,
      integrationAlias: string,
      endUserId?: string,
    ) => {
      const body = { integrationName, actionName, workspaceId: id, input, integrationAlias, endUserId }
      return (await world.ok('actions.execute', { body })).output
    }
    const empty = await outputOf(read, query, 'mine', 'ben')
    await outputOf(write, input, 'mine', 'ava')
    expect(await outputOf(read, query, 'mine', 'ava')).not.toEqual(empty)
    expect(await outputOf(read, query, 'mine', 'ben')).toEqual(empty)
    for (const alias of ['ours', 'theirs']) {
      expect(await outputOf(read, query, alias)).toEqual(empty)
      await outputOf(write, input, alias)
      expect(await outputOf(read, query, alias, 'ben')).not.toEqual(empty)
    }
  })
})
