import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Table, intersect, key, page } from '../../src/engine/table.js'

interface Row {
  readonly id: string
  readonly group: string | null
  readonly color: string
}

const createTable = () =>
  new Table<Row, 'group' | 'color'>({ group: (row) => row.group ?? undefined, color: (row) => row.color })

/** The same, as plainly as one can say it: rows in a list, look-ups that walk it. */
class Naive {
  rows: Row[] = []

  put(row: Row) {
    const at = this.rows.findIndex(({ id }) => id === row.id)
    if (at < 0) this.rows.push(row)
    else this.rows[at] = row
  }

  delete(id: string) {
    const found = this.rows.find((row) => row.id === id)
    this.rows = this.rows.filter((row) => row.id !== id)
    return found
  }

  where(field: 'group' | 'color', value: string) {
    return this.rows.filter((row) => row[field] === value)
  }
}

const ids = ['1', '2', '3', '4', '5', '6']
const groups = ['a', 'b', 'c']
const colors = ['red', 'green']

const command = fc.oneof(
  fc.record({
    does: fc.constant('put' as const),
    id: fc.constantFrom(...ids),
    group: fc.constantFrom(...groups, null),
    color: fc.constantFrom(...colors),
  }),
  fc.record({ does: fc.constant('delete' as const), id: fc.constantFrom(...ids) }),
)

const byId = (rows: Iterable<Row>) => [...rows].sort((a, b) => a.id.localeCompare(b.id))

describe('a table', () => {
  it('answers every look-up as a walk over its rows would, whatever happened to it', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const table = createTable()
        const naive = new Naive()
        for (const { does, ...row } of commands) {
          if (does === 'delete') expect(table.delete(row.id)).toEqual(naive.delete(row.id))
          else naive.put(table.put(row as Row))
        }
        for (const copy of [table, table.fork()]) {
          expect([...copy.values()]).toEqual(naive.rows)
          expect(copy.size).toBe(naive.rows.length)
          for (const id of ids) {
            expect(copy.get(id)).toEqual(naive.rows.find((row) => row.id === id))
            expect(copy.has(id)).toBe(naive.rows.some((row) => row.id === id))
          }
          for (const [field, values] of [
            ['group', groups],
            ['color', colors],
          ] as const) {
            for (const value of values) {
              const rows = copy.where(field, value)
              const expected = naive.where(field, value)
              expect(byId(rows.values())).toEqual(byId(expected))
              expect(rows.size).toBe(expected.length)
              for (const id of ids) expect(rows.has(id)).toBe(expected.some((row) => row.id === id))
              expect(copy.find(field, value)).toEqual([...rows.values()][0])
            }
          }
        }
      }),
    )
  })

  it('keeps the order of creation under a key, also when rows are replaced', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 }),
        fc.array(fc.constantFrom(...ids)),
        (order, again) => {
          const table = createTable()
          for (const id of order) table.put({ id, group: 'a', color: 'red' })
          for (const id of again) if (table.has(id)) table.put({ id, group: 'a', color: 'green' })
          expect(Array.from(table.where('group', 'a').values(), ({ id }) => id)).toEqual(order)
        },
      ),
    )
  })

  it('is not changed by what happens to its copy', () => {
    const table = createTable()
    table.put({ id: '1', group: 'a', color: 'red' })
    const copy = table.fork()
    copy.put({ id: '1', group: 'b', color: 'red' })
    copy.put({ id: '2', group: 'a', color: 'red' })
    expect(table.size).toBe(1)
    expect(Array.from(table.where('group', 'a').values(), ({ id }) => id)).toEqual(['1'])
    expect(table.where('group', 'b').size).toBe(0)
  })

  it('hands out rows that stay as they were', () => {
    const table = createTable()
    const before = table.put({ id: '1', group: 'a', color: 'red' })
    table.put({ id: '1', group: 'a', color: 'green' })
    expect(before.color).toBe('red')
  })
})

describe('intersect', () => {
  it('holds what all of them hold', () => {
    const row = fc.record({
      id: fc.constantFrom(...ids),
      group: fc.constantFrom(...groups, null),
      color: fc.constantFrom(...colors),
    })
    fc.assert(
      fc.property(
        fc.array(row),
        fc.constantFrom(...groups),
        fc.constantFrom(...colors),
        (rows, group, color) => {
          const table = createTable()
          const naive = new Naive()
          for (const each of rows) naive.put(table.put(each))
          const found = intersect(table, table.where('group', group), table.where('color', color))
          const expected = naive.rows.filter((each) => each.group === group && each.color === color)
          expect(byId(found.values())).toEqual(byId(expected))
          expect(found.size).toBe(expected.length)
        },
      ),
    )
  })
})

describe('page', () => {
  it('is the slice of the rows, with the number of all of them', () => {
    const table = createTable()
    for (let at = 0; at < 120; at++) table.put({ id: `${at}`, group: null, color: 'red' })
    const all = [...table.values()]
    fc.assert(
      fc.property(
        fc.record({ limit: fc.integer({ min: 1, max: 130 }), offset: fc.nat(150) }, { requiredKeys: [] }),
        ({ limit = 50, offset = 0, ...rest }) => {
          const query = { ...rest, limit, offset }
          expect(page(table, query)).toEqual({ items: all.slice(offset, offset + limit), total: 120 })
        },
      ),
    )
    expect(page(table, {})).toEqual({ items: all.slice(0, 50), total: 120 })
  })
})

describe('key', () => {
  it('is the same for the same parts alone', () => {
    const part = fc.oneof(
      fc.constant(null),
      fc.string(),
      fc.constantFrom('', '~', '~;', '1:a;', ';', '0:;', '1'),
    )
    const parts = fc.array(part, { maxLength: 4 })
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(key(...a) === key(...b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      }),
    )
    expect(key('a', 'b')).not.toBe(key('ab', ''))
    expect(key('a;1:b')).not.toBe(key('a', 'b'))
    expect(key(null)).not.toBe(key('~'))
  })
})
