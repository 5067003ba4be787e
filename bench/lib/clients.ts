/** The clients that are compared, each set up as its own documentation does, and making the same two calls. */
import { WeavzClient } from '@weavz/sdk'
import { apiKey, ids, input } from './exchange.js'
import type { Effort, Timed } from './measure.js'
import { optional } from './peers.js'

export interface Client {
  get(): Promise<unknown>
  post(): Promise<unknown>
}

export interface Target {
  readonly baseUrl: string
  /** Carries the calls. Undefined: whatever the client takes by itself. */
  readonly fetch: typeof globalThis.fetch | undefined
}

export interface Contestant {
  readonly name: string
  /** What it does that others do not, or the other way round. */
  readonly note: string
  /** Undefined if it is not installed. */
  connect(target: Target): Promise<Client | undefined>
}

const body = {
  workspaceId: ids.workspace,
  integrationName: 'slack',
  actionName: 'send_channel_message',
  input,
}
const getPath = `/api/v1/connections?id=${ids.connection}`
const postPath = '/api/v1/actions/execute'

/** What `fetch` takes for each call; made anew each time, as a client does. */
const getInit = () => ({ method: 'GET', headers: { authorization: `Bearer ${apiKey}` } })
const postInit = () => ({
  method: 'POST',
  headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

export const bare: Contestant = {
  name: 'bare fetch',
  note: 'No retries, no time-out, no errors for a status.',
  async connect({ baseUrl, fetch = globalThis.fetch }) {
    return {
      get: async () => (await fetch(baseUrl + getPath, getInit())).json(),
      post: async () => (await fetch(baseUrl + postPath, postInit())).json(),
    }
  },
}

const limited: Contestant = {
  name: 'bare fetch, time limit',
  note: 'What an AbortController and a timer add to each call: whoever limits time pays that.',
  connect: ({ baseUrl, fetch = globalThis.fetch }) =>
    bare.connect({
      baseUrl,
      async fetch(url, init) {
        const controller = new AbortController()
        const timer = setTimeout(() => controller.abort(), 300_000)
        try {
          const response = await fetch(url, { ...init, signal: controller.signal })
          const body: unknown = await response.json()
          return { json: async () => body } as Response
        } finally {
          clearTimeout(timer)
        }
      },
    }),
}

function weavz(name: string, note: string, validation: 'throw' | 'off'): Contestant {
  return {
    name,
    note,
    async connect({ baseUrl, fetch }) {
      const client = new WeavzClient({ apiKey, baseUrl, validation, ...(fetch && { fetch }) })
      const params = { workspaceId: ids.workspace, input }
      return {
        get: () => client.connections.get(ids.connection),
        post: () => client.actions.execute('slack', 'send_channel_message', params),
      }
    },
  }
}

const bothOurs = 'Retries; a time-out that covers the body'
export const ours = [
  weavz('this client', `${bothOurs}; every answer validated.`, 'throw'),
  weavz('this client (validation off)', `${bothOurs}.`, 'off'),
] as const

const peers: readonly Contestant[] = [
  {
    name: 'ky (lean)',
    note: 'As bare as ky gets: no retries, no time-out, and a hook that answers with what `fetch` says to the text of the body, so that no Request is made for it.',
    async connect({ baseUrl, fetch = globalThis.fetch }) {
      const { default: ky } = (await optional('ky')) ?? {}
      const lean = ky?.create({ retry: 0, timeout: false, throwHttpErrors: false })
      const send = async (path: string, init: RequestInit) => {
        const url = baseUrl + path
        return (await lean(url, { hooks: { beforeRequest: [() => fetch(url, init)] } })).json()
      }
      return lean && { get: () => send(getPath, getInit()), post: () => send(postPath, postInit()) }
    },
  },
  {
    name: 'ky',
    note: 'Retries GET; gives `fetch` a Request, whose body is a stream.',
    async connect({ baseUrl, fetch }) {
      const { default: ky } = (await optional('ky')) ?? {}
      const client = ky?.create({
        prefixUrl: baseUrl,
        headers: { authorization: `Bearer ${apiKey}` },
        ...(fetch && { fetch }),
      })
      return (
        client && {
          get: () => client.get(getPath.slice(1)).json(),
          post: () => client.post(postPath.slice(1), { json: body }).json(),
        }
      )
    },
  },
  {
    name: 'openai',
    note: 'Retries; a time-out for the headers. Answers are not validated.',
    async connect({ baseUrl, fetch }) {
      const { default: OpenAI } = (await optional('openai')) ?? {}
      const client = OpenAI && new OpenAI({ apiKey, baseURL: baseUrl, ...(fetch && { fetch }) })
      return client && { get: () => client.get(getPath), post: () => client.post(postPath, { body }) }
    },
  },
  {
    name: 'stripe',
    note: 'node:http instead of fetch, which spares most of what fetch costs; not over an in-memory fetch. Retries; not validated.',
    async connect({ baseUrl, fetch }) {
      const { default: Stripe } = (await optional('stripe')) ?? {}
      if (!Stripe) return undefined
      const { hostname, port, protocol } = new URL(baseUrl)
      const client = new Stripe(apiKey, {
        host: hostname,
        port,
        protocol: protocol.slice(0, -1),
        telemetry: false,
        ...(fetch && { httpClient: Stripe.createFetchHttpClient(fetch) }),
      })
      // Version 2 of its API speaks JSON
      return {
        get: () => client.rawRequest('GET', `/v2/connections?id=${ids.connection}`),
        post: () => client.rawRequest('POST', '/v2/actions/execute', body),
      }
    },
  },
  {
    name: '@octokit/core',
    note: 'No retries and no time-out: those are plugins.',
    async connect({ baseUrl, fetch }) {
      const { Octokit } = (await optional('@octokit/core')) ?? {}
      const client = Octokit && new Octokit({ auth: apiKey, baseUrl, ...(fetch && { request: { fetch } }) })
      return (
        client && {
          get: async () =>
            (await client.request('GET /api/v1/connections{?id}', { id: ids.connection })).data,
          post: async () => (await client.request(`POST ${postPath}`, body)).data,
        }
      )
    },
  },
  {
    name: '@nangohq/node',
    note: 'axios over node:http; over an in-memory fetch, its fetch adapter. No retries, no time-out.',
    async connect({ baseUrl, fetch }) {
      const { Nango } = (await optional('@nangohq/node')) ?? {}
      if (!Nango) return undefined
      const client = new Nango({ host: baseUrl, apiKey })
      if (fetch) Object.assign(client.http.defaults, { adapter: 'fetch', env: { fetch, Request, Response } })
      return {
        get: () => client.getIntegration({ uniqueKey: 'slack' }),
        post: () => client.triggerAction('slack', ids.connection, 'send_channel_message', input),
      }
    },
  },
  {
    name: '@pipedream/sdk',
    note: 'Retries; a time-out. Renames the fields of bodies and answers.',
    async connect({ baseUrl, fetch }) {
      const { PipedreamClient } = (await optional('@pipedream/sdk')) ?? {}
      if (!PipedreamClient) return undefined
      // It takes no `fetch`, and keeps the global one of the moment
      const usual = globalThis.fetch
      if (fetch) globalThis.fetch = fetch
      const client = new PipedreamClient({
        baseUrl,
        projectId: 'proj_bench',
        projectEnvironment: 'development',
        tokenProvider: { getToken: () => apiKey },
      })
      globalThis.fetch = usual
      const parameters = { id: 'send_channel_message', externalUserId: 'user_123', configuredProps: input }
      return { get: () => client.accounts.retrieve('apn_bench'), post: () => client.actions.run(parameters) }
    },
  },
  {
    name: '@composio/client',
    note: 'Retries; a time-out for the headers. Answers are not validated. What `@composio/core` calls with.',
    async connect({ baseUrl, fetch }) {
      const { Composio } = (await optional('@composio/client')) ?? {}
      const client = Composio && new Composio({ apiKey, baseURL: baseUrl, ...(fetch && { fetch }) })
      const parameters = { connected_account_id: ids.connection, arguments: input }
      return (
        client && {
          get: () => client.connectedAccounts.retrieve(ids.connection),
          post: () => client.tools.execute('SLACK_SEND_CHANNEL_MESSAGE', parameters),
        }
      )
    },
  },
]

export const contestants: readonly Contestant[] = [bare, limited, ...ours, ...peers]

const columns = [1, 64].flatMap((concurrency) =>
  (['get', 'post'] as const).map((verb) => {
    const title = verb.toUpperCase() + (concurrency === 1 ? '' : `, ${concurrency} at once`)
    return { title, verb, concurrency }
  }),
)

/** What is timed of a client, by the title of its column. */
export const planOf = (effort: Omit<Effort, 'concurrency'>) =>
  Object.fromEntries(columns.map(({ title, concurrency }) => [title, { ...effort, concurrency }]))

/** The calls by the same titles. Whoever throws away the answer, or asks for something else, has no place here. */
export async function tasksOf(name: string, client: Client): Promise<Record<string, Timed>> {
  const got = JSON.stringify(await client.get())
  const posted = JSON.stringify(await client.post())
  if (!got.includes('acme_slack') || !posted.includes('is green again')) {
    throw new Error(`${name} does not return the answer: ${got} ${posted}`)
  }
  return Object.fromEntries(columns.map(({ title, verb }) => [title, { name, run: () => client[verb]() }]))
}
