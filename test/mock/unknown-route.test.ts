import { expect, it } from 'vitest'
import { endpoints } from '../../src/contract/index.js'
import type { AnyEndpoint } from '../../src/contract/endpoint.js'
import { createMockWeavz } from '../../src/mock/index.js'
import { refusalOf, throughBothDoors } from './door.js'
import { nobody } from './world.js'

throughBothDoors('a path that no endpoint has', (open) => {
  it.each([
    ['POST', '/api/v1/connection', 'POST /api/v1/connections'],
    ['GET', '/api/v1/conections', 'GET /api/v1/connections'],
    ['GET', '/v1/workspaces', 'GET /api/v1/workspaces'],
    ['GET', '/workspaces', 'GET /api/v1/workspaces'],
    ['GET', '/api/v1/api/v1/workspaces', 'GET /api/v1/workspaces'],
    ['GET', '/api/v2/workspaces', 'GET /api/v1/workspaces'],
    ['GET', '/api/v1/workspaces/', 'GET /api/v1/workspaces'],
    ['GET', '/api/v1/endUsers', 'GET /api/v1/end-users'],
    ['POST', '/api/v1/api_keys', 'POST /api/v1/api-keys'],
    ['POST', '/api/v1/connections/resolv', 'POST /api/v1/connections/resolve'],
    ['POST', '/api/v1/connect/poll', 'POST /api/v1/connect/session/poll'],
    ['POST', '/api/v1/actions', 'POST /api/v1/actions/execute'],
    ['GET', `/api/v1/workspaces/${nobody}/integration`, 'GET /api/v1/workspaces/{workspaceId}/integrations'],
    ['GET', '/api/v1/workspaces//integrations', 'GET /api/v1/workspaces/{workspaceId}/integrations'],
    ['PUT', `/api/v1/partials/${nobody}/default`, 'POST /api/v1/partials/{id}/set-default'],
    ['GET', `/api/v1/connections/${nobody}`, 'DELETE /api/v1/connections/{id}'],
    ['POST', '/health', 'GET /health'],
  ])('is 404, and %s %s names %s', async (method, path, nearest) => {
    const refusal = await refusalOf(await (await open()).raw(method, path))
    expect(refusal).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
      error: `Route not found; did you mean ${nearest}?`,
    })
  })

  it.each([
    '/',
    '/api/v1',
    '/api/v1/nothing',
    '/api/v1/invoices/7/lines',
    '/favicon.ico',
    `/${'x'.repeat(400)}`,
  ])('is 404 without a guess where nothing is near: %s', async (path) => {
    expect((await refusalOf(await (await open()).raw('GET', path))).error).toBe('Route not found')
  })

  it('is named to callers without a key, too', async () => {
    const api = await open()
    const response = await api.raw('GET', '/api/v1/workspace', { headers: { authorization: '' } })
    expect((await refusalOf(response)).error).toContain('GET /api/v1/workspaces?')
  })
})

it('finds every endpoint again after a slip anywhere in the last word of its path', async () => {
  const weavz = createMockWeavz()
  const guesses: Record<string, string>[] = []
  for (const { method, path } of endpoints as readonly AnyEndpoint[]) {
    const start = path.endsWith('}') ? path.length : path.lastIndexOf('/') + 1
    for (let at = start; at < path.length; at++) {
      const wrong = `${path.slice(0, at)}_${path.slice(at + 1)}`.replace(/\{\w+\}/g, nobody)
      const response = await weavz.fetch(`https://api.weavz.io${wrong}`, { method })
      const { error } = (await response.json()) as { error: string }
      // Where a path parameter may stand in place of the word, the endpoint that takes it answers
      if (error.startsWith('Route')) guesses.push({ wrong, meant: `${method} ${path}`, error })
    }
  }
  expect(guesses.length).toBeGreaterThan(200)
  expect(guesses.filter(({ meant, error }) => error !== `Route not found; did you mean ${meant}?`)).toEqual(
    [],
  )
})
