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

  it('remembers the latest thousand at least and twice as many at most, and one that is opened again counts as late', () => {
    const values = unlike(3000)
    const redactor = knowing(...values.slice(0, 1000))
    redactor.remember(values[0]!)
    const isKnown = (i: number) => redactor.text(values[i]!) === '[secret]'
    values.forEach((value, i) => {
      if (i < 1000) return
      redactor.remember(value)
      // The first one, opened again, is one of the thousand for a while
      expect([i - 998, i].map(isKnown)).toEqual([true, true])
      if (i < 1998) expect(isKnown(0)).toBe(true)
      if (i > 2000) expect(isKnown(i - 2000)).toBe(false)
    })
    expect(isKnown(1)).toBe(false)
    // Forgotten and seen again
    redactor.remember(values[1]!)
    expect([1, 2].map(isKnown)).toEqual([true, false])
  })

  it('keeps a value that is opened now and then, however many others come', () => {
    const values = unlike(9000)
    const redactor = knowing()
    values.forEach((value, i) => {
      redactor.remember(value)
      if (i % 900 === 0) redactor.remember(values[0]!)
    })
    expect(redactor.text(values[0]!)).toBe('[secret]')
    expect(redactor.text(values[1]!)).toBe(values[1])
  })

  it('knows values apart whose length and ends are the same', () => {
    const values = unlike(100).map((value) => `token-of-acme-${value}-token-of-acme`)
    const redactor = knowing(...values, ...values)
    for (const value of values) expect(redactor.text(`<${value}>`)).toBe('<[secret]>')
    for (const value of unlike(2000)) redactor.remember(value)
    for (const value of values) expect(redactor.text(value)).toBe(value)
  })

  it('bounds what it remembers of long values', () => {
    const long = unlike(16).map((value) => value.repeat(1000))
    const redactor = knowing(...long)
    const known = long.map((value) => redactor.text(value) === '[secret]')
    // 256 Ki characters are four of them, and a bit
    expect(known.slice(-5)).toEqual([true, true, true, true, true])
    expect(known.slice(0, 6)).toEqual([false, false, false, false, false, false])
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
