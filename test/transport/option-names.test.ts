import { describe, expect, test } from 'vitest'
import { WeavzClient, type RequestOptions } from '../../src/index.js'
import { apiKey, connection, json, rejection, script } from './support.js'

const list = () => json({ connections: [connection], total: 1 })

/** A client, and what it sent. */
function client(...replies: Parameters<typeof script>) {
  const { fetch, sent } = script(...replies)
  return { weavz: new WeavzClient({ apiKey, fetch }), sent }
}

/** What somebody may write who has no compiler. */
const options = (given: unknown) => given as RequestOptions

const refused = (message: string) => ({ name: 'WeavzError', code: 'INVALID_ARGUMENT', attempts: 0, message })

describe('Options of a call', () => {
  test.each(['timeoutMs', 'retries', 'abortSignal'])(
    'a name that no option has is refused before anything is sent: %s',
    async (name) => {
      const { weavz, sent } = client()
      const error = await rejection(weavz.connections.list({}, options({ [name]: 5 })))
      const names = '{ signal, timeout, maxRetries, headers }'
      expect(error).toMatchObject(refused(`connections.list takes ${names}, and no \`${name}\``))
      expect(sent).toEqual([])
    },
  )

  test.each([
    ['a signal', new AbortController().signal, 'aborted'],
    ['nothing', null, 'null'],
    ['a number', 5, 'number'],
    ['a key', apiKey, 'string'],
  ])('%s in their place is refused, and not shown', async (_, given, shown) => {
    const { weavz, sent } = client()
    const error = await rejection(weavz.connections.get(connection.id, options(given)))
    const names = '{ signal, timeout, maxRetries, headers }'
    expect(error).toMatchObject(refused(`connections.get takes ${names}, and no \`${shown}\``))
    expect(sent).toEqual([])
  })

  test('a key in the place of a name is not shown', async () => {
    const error = await rejection(client().weavz.connections.list({}, options({ [apiKey]: true })))
    expect(error).toMatchObject({ message: expect.stringMatching(/and no `wvz_\[secret\]`$/) })
  })

  test('undefined is as good as absent, under whatever name', async () => {
    const { weavz } = client(list())
    expect(await weavz.connections.list({}, options({ timeoutMs: undefined }))).toMatchObject({ total: 1 })
  })

  test('all that there are can be given together', async () => {
    const { weavz, sent } = client(list())
    const { signal } = new AbortController()
    await weavz.connections.list({}, { signal, timeout: 5000, maxRetries: 0, headers: { 'X-App': 'a' } })
    expect(sent[0]?.headers).toMatchObject({ 'x-app': 'a' })
  })

  test('a page of a list that takes none is no option', async () => {
    const error = await rejection(client().weavz.apiKeys.list(options({ limit: 5 })))
    expect(error).toMatchObject({
      message: expect.stringMatching(/^apiKeys\.list takes .+, and no `limit`$/),
    })
  })
})

describe('client.request', () => {
  test('refuses a name that it does not take', async () => {
    const { weavz, sent } = client()
    const error = await rejection(weavz.request('/api/v1/triggers', options({ params: { limit: 1 } })))
    const names = '{ method, query, body, safeToRetry, signal, timeout, maxRetries, headers }'
    expect(error).toMatchObject(refused(`request takes ${names}, and no \`params\``))
    expect(sent).toEqual([])
  })

  test('takes all of its own', async () => {
    const { weavz, sent } = client(json({}))
    const { signal } = new AbortController()
    const init = { method: 'POST', query: { a: 1 }, body: {}, safeToRetry: true } as const
    await weavz.request('/api/v1/new', { ...init, signal, timeout: 5000, maxRetries: 0, headers: {} })
    expect(sent).toMatchObject([{ method: 'POST', body: {} }])
  })
})
