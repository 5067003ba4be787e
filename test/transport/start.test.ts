import { describe, expect, test } from 'vitest'
import { connections } from '../../src/contract/connections.js'
import { connection, json, rejection, script, transport } from './support.js'

const create = {
  body: {
    type: 'SECRET_TEXT',
    integrationName: 'openai',
    externalId: 'a',
    displayName: 'A',
    secretText: 'sk-a',
  },
} as const

const calls = [
  [
    'without a body',
    (client: ReturnType<typeof transport>) => client.call(connections.get, { query: { id: 'x' } }),
  ],
  ['with a body', (client: ReturnType<typeof transport>) => client.call(connections.create, create)],
] as const

describe.each(calls)('A call %s', (_, call) => {
  test('is handed to fetch before the method returns, once', async () => {
    const { fetch, sent } = script(json({ connection }))
    const answer = call(transport({ fetch }))
    expect(sent).toHaveLength(1)
    await answer
    expect(sent).toHaveLength(1)
  })

  test('that fails at once has failed for the caller alone: nothing is left unhandled', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    try {
      const fetch = () => Promise.reject(new TypeError('fetch failed'))
      const error = await rejection(call(transport({ fetch, maxRetries: 0 })))
      expect(error).toMatchObject({ code: 'NETWORK_ERROR', attempts: 1 })
      await new Promise((resolve) => setImmediate(resolve))
      expect(unhandled).toEqual([])
    } finally {
      process.off('unhandledRejection', note)
    }
  })

  test('whose fetch throws instead of rejecting is a network error, too', async () => {
    const fetch = () => {
      throw new TypeError('fetch failed')
    }
    expect(await rejection(call(transport({ fetch, maxRetries: 0 })))).toMatchObject({
      code: 'NETWORK_ERROR',
    })
  })

  test('whose fetch answers without a promise gets that answer', async () => {
    const fetch = () => Response.json({ connection }) as unknown as Promise<Response>
    expect(await call(transport({ fetch }))).toEqual({ connection })
  })
})

/** Turns of the microtask queue from the call of fetch until something makes a Request of it, as ky does. */
async function turnsUntilRequest(answerAfter: number): Promise<number> {
  const usual = globalThis.Request
  let turns = 0
  let waiting = true
  globalThis.Request = class extends usual {
    constructor(...input: ConstructorParameters<typeof usual>) {
      super(...input)
      waiting = false
    }
  }
  try {
    const fetch = async () => {
      for (let turn = 0; turn < answerAfter; turn++) await undefined
      return Response.json({ connection })
    }
    const call = transport({ fetch }).call(connections.create, create)
    // More than any call takes, so that one without a Request fails instead of hanging
    for (; waiting && turns < 50; turns++) await undefined
    await call
    return turns
  } finally {
    globalThis.Request = usual
  }
}

describe('What ky does about a body that fetch writes', () => {
  test('waits for it while there is no answer, and no longer', async () => {
    expect(await turnsUntilRequest(100)).toBeGreaterThanOrEqual(8)
    expect(await turnsUntilRequest(100)).toBeLessThan(16)
  })

  test('waits for nothing where the answer comes from memory', async () => {
    expect(await turnsUntilRequest(0)).toBeLessThan(4)
  })
})
