import assert from 'node:assert/strict'
import { inspect, isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/engine/vault/index.js'

const canary = 'canary-5f1d2c'
const secret = new Secret(canary)

describe('a secret', () => {
  it('gives its text to whoever asks for it', () => {
    expect(secret.reveal()).toBe(canary)
  })

  it.each<[string, () => string]>([
    ['a template', () => `${secret}`],
    ['concatenation', () => 'text ' + secret],
    ['String()', () => String(secret)],
    ['JSON', () => JSON.stringify(secret)],
    ['JSON of an object around it', () => JSON.stringify({ nested: [secret] })],
    ['inspect', () => inspect(secret)],
    ['inspect of everything', () => inspect({ secret }, { showHidden: true, getters: true, depth: 9 })],
    [
      'inspect without its own hook',
      () => inspect(secret, { customInspect: false, showHidden: true, depth: 9 }),
    ],
    ['a structured clone', () => inspect(structuredClone({ secret }))],
    ['its own properties', () => inspect(Reflect.ownKeys(secret).map((key) => Reflect.get(secret, key)))],
    ['a spread copy', () => inspect({ ...secret })],
    ['a join', () => [secret, secret].join()],
    ['a search parameter', () => new URLSearchParams({ secret: secret as unknown as string }).toString()],
    ['an error', () => inspect(new Error(`failed with ${secret}`, { cause: secret }), { showHidden: true })],
  ])('does not show in %s', (_, show) => {
    expect(show()).not.toContain(canary)
  })

  it('is [secret] wherever something is printed', () => {
    expect([`${secret}`, JSON.stringify(secret), inspect(secret)]).toEqual([
      '[secret]',
      '"[secret]"',
      '[secret]',
    ])
    expect({ secret }).toMatchInlineSnapshot(`
      {
        "secret": "[secret]",
      }
    `)
  })

  it('compares equal whatever it holds, so that a comparison tells nothing', () => {
    const other = new Secret('canary-other')
    expect(secret).toEqual(other)
    expect(secret).toStrictEqual(other)
    expect(isDeepStrictEqual(secret, other)).toBe(true)
    assert.deepStrictEqual({ secret }, { secret: other })
    assert.deepEqual(secret, other)
  })

  it.each<[string, () => void]>([
    ['toBe', () => expect(secret).toBe('something else')],
    ['toEqual', () => expect({ secret }).toEqual({ secret: 'something else' })],
    ['toStrictEqual', () => expect([secret]).toStrictEqual([])],
    ['toMatchObject', () => expect({ secret }).toMatchObject({ secret: { text: 1 } })],
    ['node:assert', () => assert.deepStrictEqual({ secret }, { secret: 'something else' })],
    [
      'node:assert notDeepStrictEqual',
      () => assert.notDeepStrictEqual({ secret }, { secret: new Secret('other') }),
    ],
  ])('does not show in the failure that %s reports', (_, compare) => {
    let failure: unknown
    try {
      compare()
    } catch (error) {
      failure = error
    }
    expect(failure).toBeInstanceOf(Error)
    const printed = inspect({ ...(failure as Error), text: String(failure) }, { depth: 9, showHidden: true })
    expect(printed).toContain('secret')
    expect(printed).not.toContain(canary)
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(secret)).toBe(true)
    expect(() => Object.assign(secret, { reveal: () => 'other' })).toThrow(TypeError)
  })
})
