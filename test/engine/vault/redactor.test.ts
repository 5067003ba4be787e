import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Redactor } from '../../../src/engine/vault/index.js'
import { context, vaultOf } from './kit.js'

/** A password that every notation writes in its own way. */
const canary = `p4ss "w*rd'/+~é<&>\\%`
const utf8 = Buffer.from(canary)

function knowing(...values: string[]): Redactor {
  const redactor = new Redactor()
  for (const value of values) redactor.remember(value)
  return redactor
}

const unlike = (count: number) =>
  Array.from({ length: count }, (_, i) => createHash('sha256').update(`${i}`).digest('hex'))

describe('the redactor', () => {
  it.each([
    ['raw', canary],
    ['base64', utf8.toString('base64')],
    ['base64url', utf8.toString('base64url')],
    ['hexadecimal', utf8.toString('hex')],
    ['upper-case hexadecimal', utf8.toString('hex').toUpperCase()],
    ['percent', encodeURIComponent(canary)],
    ['percent in lower case', encodeURIComponent(canary).replace(/%../g, (escape) => escape.toLowerCase())],
    ['a URL', encodeURI(canary)],
    ['a form', new URLSearchParams([['', canary]]).toString().slice(1)],
    ['JSON', JSON.stringify(canary).slice(1, -1)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(canary)).slice(3, -3)],
    [
      'HTML',
      canary.replace(
        /[&<>"']/g,
        (c) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }[c]};`,
      ),
    ],
  ])('finds a remembered value in %s notation', (_, form) => {
    const text = knowing(canary).text(`before ${form} after`)
    expect(text).toMatch(/^before \[secret\]\S{0,3} after$/)
    expect(text).not.toContain(form)
  })

  it.each(['', 'u', 'us', 'user:', 'client-id:', 'a longer name:'])(
    'finds a value inside the base64 of a longer text that begins with "%s"',
    (before) => {
      for (const encoding of ['base64', 'base64url'] as const) {
        const encoded = Buffer.from(`${before}${canary}:more`).toString(encoding)
        const text = knowing(canary).text(`<${encoded}>`)
        // At both ends a character may hold bits of the value and of its neighbour
        const core = utf8.subarray(3, -3).toString('base64').slice(0, 12)
        expect(text).toContain('[secret]')
        expect(text).not.toContain(core)
        expect(text.length).toBeLessThan(encoded.length)
      }
    },
  )

  it('takes out values that the vault opened, and what the contract knows by form', async () => {
    const vault = vaultOf()
    const envelope = await vault.seal('hunter2-hunter2', context)
    expect(vault.redactor.text('with hunter2-hunter2')).toBe('with hunter2-hunter2')
    await vault.open(envelope, context, 'execute')
    expect(vault.redactor.text('with hunter2-hunter2 and wvz_a1')).toBe('with [secret] and wvz_[secret]')
    expect(vault.redactor.headers({ 'X-Echo': 'hunter2-hunter2', Cookie: 'a' })).toEqual({
      'x-echo': '[secret]',
      cookie: '[secret]',
    })
    expect(
      vault.redactor.value({ error: new Error('hunter2-hunter2'), 'hunter2-hunter2': ['a hunter2-hunter2'] }),
    ).toEqual({
      error: expect.objectContaining({ message: '[secret]' }),
      '[secret]': ['a [secret]'],
    })
  })

  it('does not search for values of fewer than 8 characters, which would take ordinary words out', () => {
    const redactor = knowing('eu', '1234', 'connect', '')
    expect(redactor.text('connect 1234 in eu')).toBe('connect 1234 in eu')
    expect(knowing('connects').text('it connects')).toBe('it [secret]')
  })

  it('takes out the whole of values that overlap or begin alike', () => {
    const redactor = knowing('abcdefgh', 'abcdefghijkl', 'ijklmnopqrst')
    expect(redactor.text('abcdefgh')).toBe('[secret]')
    expect(redactor.text('xabcdefghijklx')).toBe('x[secret]x')
    expect(redactor.text('xabcdefghijklmnopqrstx')).toBe('x[secret]x')
  })

  it('leaves no remembered value in any text around it', () => {
    const value = fc.string({ unit: 'binary', minLength: 8, maxLength: 30 })
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 5 }),
        fc.array(fc.string({ maxLength: 9 })),
        (values, between) => {
          const redactor = knowing(...values)
          const text = values.map((value, i) => (between[i] ?? '') + value).join('')
          const shown = redactor.text(text).split('[secret]')
          for (const value of values) {
            for (const piece of shown) expect(piece).not.toContain(value)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('changes nothing in a text without secrets', () => {
    const redactor = knowing(...unlike(50))
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '0', '1', '.') }), (text) => {
        expect(redactor.text(text)).toBe(text)
      }),
    )
  })

  it('remembers the latest thousand at least, and twice as many at most', () => {
    const values = unlike(3500)
    const redactor = new Redactor()
    const isKnown = (i: number) => redactor.text(values[i]!) === '[secret]'
    values.forEach((value, i) => {
      redactor.remember(value)
      expect([Math.max(0, i - 999), i].map(isKnown)).toEqual([true, true])
      if (i >= 2000) expect(isKnown(i - 2000)).toBe(false)
    })
    // Forgotten and seen again
    redactor.remember(values[1]!)
    expect([1, 2].map(isKnown)).toEqual([true, false])
  })

  it.each([0, 1, 999, 1000, 1001])(
    'counts a value as late that is opened again, however many others come: number %i',
    (late) => {
      const values = unlike(6000)
      const redactor = new Redactor()
      const known: boolean[] = []
      values.forEach((value, i) => {
        redactor.remember(value)
        if (i < late || i % 499 !== 0) return
        known.push(redactor.text(values[late]!) === '[secret]')
        redactor.remember(values[late]!)
      })
      expect(new Set(known)).toEqual(new Set([true]))
      expect(redactor.text(values[2]!)).toBe(values[2])
    },
  )

  it('knows values apart whose length and ends are the same, whichever of them are opened again', () => {
    const values = unlike(100).map((value) => `token-of-acme-${value}-token-of-acme`)
    const others = unlike(3000)
    const late = values.filter((_, i) => i % 2 === 1)
    const redactor = knowing(...values, ...values)
    const known = () => values.filter((value) => redactor.text(`<${value}>`) === '<[secret]>')
    expect(known()).toEqual(values)
    // They become the older generation, half of them leave it, and it is forgotten
    for (const value of [...others.slice(0, 950), ...late]) redactor.remember(value)
    expect(known()).toEqual(values)
    for (const value of others.slice(950, 1900)) redactor.remember(value)
    expect(known()).toEqual(late)
    for (const value of values) redactor.remember(value)
    expect(known()).toEqual(values)
  })

  it('tells whoever keeps raw texts before it forgets, while all are known', () => {
    const values = unlike(2500)
    const redactor = new Redactor()
    const told: (readonly [known: number, latest: number])[] = []
    let latest = 0
    redactor.beforeForgetting(() => {
      told.push([values.filter((value) => redactor.text(value) === '[secret]').length, latest])
    })
    values.forEach((value, i) => {
      latest = i
      redactor.remember(value)
    })
    expect(told).toEqual([[2001, 2000]])
  })

  it('bounds what it remembers of long values', () => {
    const long = unlike(16).map((value) => value.repeat(1000))
    const redactor = knowing(...long)
    // 64,000 characters each, so that four are a generation
    const known = long.map((value) => redactor.text(value) === '[secret]')
    expect(known).toEqual([...Array<boolean>(8).fill(false), ...Array<boolean>(8).fill(true)])
    redactor.remember('x'.repeat(1_000_000))
    expect(redactor.text(long[15]!)).toBe('[secret]')
  })

  it('does not show what it remembers', () => {
    const redactor = knowing('hunter2-hunter2')
    redactor.text('index it')
    for (const shown of [
      inspect(redactor, { showHidden: true, depth: 9 }),
      JSON.stringify({ redactor }),
      `${redactor}`,
    ]) {
      expect(shown).not.toContain('hunter2')
    }
  })
})
