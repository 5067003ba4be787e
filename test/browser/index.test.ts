import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, expectTypeOf, it, onTestFinished } from 'vitest'
import type { ConnectPoll, ConnectToken as ContractToken } from '../../src/contract/connect.js'
import { isWeavzError } from '../../src/transport/index.js'
import {
  openConnect,
  preopen,
  redirectConnect,
  resumeConnect,
  waitForConnect,
  WeavzConnectError,
  type ConnectToken,
  type PolledSession,
} from '@weavz/sdk/browser'

const session = { token: 'cst_1', connectUrl: 'https://hosted.test/connect' }
const timing = { pollMs: 5 }

/** Answers polls with these sessions or statuses, the last one over and over. */
async function serveSessions(
  ...answers: (number | object)[]
): Promise<{ baseUrl: string; tokens: string[] }> {
  const tokens: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    tokens.push((JSON.parse(body) as { token: string }).token)
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!
    response.statusCode = typeof answer === 'number' ? answer : 200
    response.end(typeof answer === 'number' ? '<html>' : JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tokens }
}

describe('waitForConnect, on a server', () => {
  it('polls until the session completes, through failures and unknown statuses', async () => {
    const { baseUrl, tokens } = await serveSessions(
      500,
      { status: 'PENDING' },
      401,
      { status: 'AWAITING_ADMIN' },
      { status: 'COMPLETED', connectionId: 'c', integrationName: 'slack', externalId: 'x', more: 1 },
    )
    await expect(waitForConnect('cst_1', { baseUrl, timing })).resolves.toEqual({
      connectionId: 'c',
      integrationName: 'slack',
      externalId: 'x',
    })
    expect(new Set(tokens)).toEqual(new Set(['cst_1']))
  })

  it('rejects with what the session says went wrong', async () => {
    const { baseUrl } = await serveSessions({ status: 'FAILED', error: 'access_denied' })
    await expect(waitForConnect('cst_1', { baseUrl, timing })).rejects.toMatchObject({
      name: 'WeavzConnectError',
      code: 'CONNECT_FAILED',
      reason: 'access_denied',
      message: 'connect failed: access_denied',
    })
  })

  it('ends at once, with the reason, when the caller aborts', async () => {
    const { baseUrl } = await serveSessions({ status: 'PENDING' })
    const controller = new AbortController()
    const waiting = waitForConnect('cst_1', { baseUrl, signal: controller.signal })
    controller.abort('enough')
    await expect(waiting).rejects.toMatchObject({ code: 'CONNECT_ABORTED', cause: 'enough' })
  })

  it('goes through the app where it is given a poll function', async () => {
    const asked: string[] = []
    const poll = (token: string): Promise<PolledSession> => {
      asked.push(token)
      return Promise.resolve({ status: 'COMPLETED', connectionId: 'c' })
    }
    await waitForConnect('cst_1', { poll })
    expect(asked).toEqual(['cst_1'])
  })

  it('says that the session has expired', async () => {
    const { baseUrl } = await serveSessions(401)
    await expect(waitForConnect('cst_1', { baseUrl, timing })).rejects.toMatchObject({
      code: 'CONNECT_SESSION_EXPIRED',
      certain: true,
    })
  })
})

describe('outside a page', () => {
  it.each([
    ['openConnect', () => openConnect(session)],
    ['preopen', () => preopen()],
    ['resumeConnect', () => resumeConnect()],
  ])('%s says that there is no window', (_name, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'CONNECT_UNSUPPORTED_ENVIRONMENT' }))
  })

  it('redirectConnect rejects', async () => {
    await expect(redirectConnect(session)).rejects.toMatchObject({ code: 'CONNECT_UNSUPPORTED_ENVIRONMENT' })
  })
})

describe('its error', () => {
  const error = new WeavzConnectError({ code: 'CONNECT_POPUP_CLOSED', sessionMayStillComplete: true })

  it('is known to isWeavzError() of the main entry', () => {
    expect(isWeavzError(error)).toBe(true)
  })

  it('carries its name into the stack', () => {
    expect(error.stack).toMatch(/^WeavzConnectError: connect popup closed/)
  })

  it('has no cause unless there is one', () => {
    expect('cause' in error).toBe(false)
  })
})

it('takes what createToken answers, and reads what the contract says a poll answers', () => {
  expectTypeOf<ContractToken>().toExtend<ConnectToken>()
  expectTypeOf<ConnectPoll>().toExtend<PolledSession>()
})
