import {
  WeavzConnectError,
  openConnect,
  preopen,
  redirectConnect,
  resumeConnect,
  waitForConnect,
} from '@weavz/sdk/browser'
import type { ConnectAttempt, ConnectResult, ConnectSource, OpenOptions } from '@weavz/sdk/browser'
import { isA } from '../expect.js'

export const source: ConnectSource = async () => ({
  token: 'cst_1',
  connectUrl: 'https://api.weavz.io/connect',
})
export const options: OpenOptions = {
  key: 'slack',
  concurrency: 'replace',
  onBlocked: 'redirect',
  allowedOrigins: ['https://app.example'],
  size: { width: 500, height: 600 },
  timeoutMs: 60_000,
  timing: { pollMs: 500 },
}

export async function connects(): Promise<void> {
  const popup = preopen({ size: { width: 500, height: 600 } })
  const attempt: ConnectAttempt = openConnect(source, { ...options, popup })
  const stop = attempt.on('settled', ({ result, error }) => console.log(result?.connectionId, error?.code))
  attempt.on('state', ({ state, previous }) => console.log(state, previous))
  for await (const event of attempt) if (event.type === 'poll_failed') isA<number | null>()(event.status)
  isA<boolean>()(attempt.reopen())
  attempt.focus()
  attempt.cancel()
  stop()
  const { connectionId, integrationName, externalId }: ConnectResult = await attempt.result
  isA<string>()(connectionId + integrationName + externalId)

  await redirectConnect(source, { key: 'slack' })
  await resumeConnect()?.result
  await waitForConnect('cst_1', {
    poll: (_token, { signal }) => Promise.resolve({ status: String(signal.aborted) }),
  })
}

export function failed(error: unknown): void {
  if (error instanceof WeavzConnectError && error.code === 'CONNECT_ABORTED') isA<unknown>()(error.cause)
}
