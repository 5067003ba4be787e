import type { WeavzClient } from '@weavz/sdk'

/** What one writer knows of its workspace, by the names that it gave. */
interface Holdings {
  name: string
  endUsers: string[]
  connections: string[]
  /** Alias of each workspace integration, and the connection that it is pinned to. */
  integrations: Record<string, string | null>
  /** Name and text of each partial. */
  partials: Record<string, string>
  servers: string[]
  list: number[]
}

/** What a write will have changed once it is answered. */
type Step = (holdings: Holdings) => void

/** A write to begin, and what it changes. */
type Write = (client: WeavzClient) => readonly [Step, Promise<unknown>]

/** So that the changes outgrow the snapshot every other round, and kills strike while a new one is put in its place. */
const padding = 'x'.repeat(20_000)

/** A workspace as it is created. */
const created = (): Holdings => ({
  name: 'new',
  endUsers: [],
  connections: [],
  integrations: {},
  partials: {},
  servers: [],
  list: [],
})

const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)]!
const sorted = (texts: readonly string[]) => [...texts].sort()

/**
 * Writes into a workspace of its own, and keeps account: of what was answered, and of the one write that was not, when
 * the server was killed.
 */
export class Writer {
  /** How many writes were answered. */
  answered = 0
  #workspaceId = ''
  #holdings: Holdings | undefined
  #doubtful: Step | undefined
  #ids = new Map<string, string>()
  #count = 0

  constructor(readonly slug: string) {}

  /** Writes until the server is gone. */
  async run(client: WeavzClient): Promise<void> {
    try {
      this.#doubtful = () => undefined
      const { workspace } = await client.workspaces.create({ name: 'new', slug: this.slug })
      this.#workspaceId = workspace.id
      this.#holdings = created()
      this.#doubtful = undefined
      this.answered++
      for (;;) await this.#do(client)
    } catch (error) {
      const { name } = error as Error
      if (name !== 'WeavzNetworkError') throw error
    }
  }

  async #do(client: WeavzClient): Promise<void> {
    const [step, done] = this.#next()(client)
    this.#doubtful = step
    await done
    step(this.#holdings!)
    this.#doubtful = undefined
    this.answered++
  }

  /** Chosen among what makes sense now. */
  #next(): Write {
    const { connections, integrations, endUsers, partials } = this.#holdings!
    const workspaceId = this.#workspaceId
    const mark = `n${this.#count++}`
    if (!('kv' in integrations)) {
      const settings = { persistence: { scope: 'workspace' } } as const
      return this.#configure('kv', null, { integrationName: 'kv-store', settings })
    }
    const connect: Write = (client) => [
      (held) => held.connections.push(mark),
      this.#note(mark, this.#connect(client, mark), ({ connection }) => connection.id),
    ]
    const writes: Write[] = [
      (client) => [({ list }) => list.push(this.#count), this.#append(client, this.#count)],
      (client) => [(held) => (held.name = mark), client.workspaces.update(workspaceId, { name: mark })],
      (client) => [
        (held) => held.endUsers.push(mark),
        this.#note(
          mark,
          client.endUsers.create({ workspaceId, externalId: mark }),
          ({ endUser }) => endUser.id,
        ),
      ],
      connect,
      (client) => [(held) => held.servers.push(mark), client.mcpServers.create({ name: mark, workspaceId })],
    ]
    const connection = connections.at(-1)
    if (connection === undefined) return connect
    if (!(connection in integrations)) {
      const connectionId = this.#ids.get(connection)!
      const pinned = this.#configure(connection, connectionId, { integrationName: 'slack', connectionId })
      if (connections.length === 1) return pinned
      writes.push(pinned)
    }
    const [endUser] = endUsers
    if (endUser !== undefined && endUsers.length > 2) {
      writes.push((client) => [
        (held) => held.endUsers.shift(),
        client.endUsers.delete(this.#ids.get(endUser)!),
      ])
    }
    const aliases = Object.keys(integrations).filter((alias) => alias !== 'kv')
    if (aliases.length > 0) {
      const alias = pick(aliases)
      writes.push((client) => {
        const values = { text: mark, padding }
        const body = { workspaceId, integrationName: 'slack', integrationAlias: alias, name: mark, values }
        return [
          (held) => (held.partials[mark] = mark),
          this.#note(mark, client.partials.create(body), ({ partial }) => partial.id),
        ]
      })
    }
    const [partial] = Object.keys(partials)
    if (partial !== undefined) {
      writes.push((client) => [
        (held) => (held.partials[partial] = mark),
        client.partials.update(this.#ids.get(partial)!, { values: { text: mark, padding } }),
      ])
    }
    return pick(writes)
  }

  #configure(
    alias: string,
    connectionId: string | null,
    body: Parameters<WeavzClient['workspaces']['integrations']['create']>[1],
  ): Write {
    return (client) => [
      (held) => (held.integrations[alias] = connectionId),
      client.workspaces.integrations.create(this.#workspaceId, { ...body, alias }),
    ]
  }

  #append(client: WeavzClient, value: number) {
    return client.actions.execute('kv-store', 'add_to_list', {
      workspaceId: this.#workspaceId,
      integrationAlias: 'kv',
      input: { key: 'list', value },
    })
  }

  #connect(client: WeavzClient, externalId: string) {
    return client.connections.create({
      ...{ type: 'OAUTH2', accessToken: `at-${this.slug}-${externalId}`, expiresIn: 3600 },
      ...{ refreshToken: `rt-${this.slug}-${externalId}`, integrationName: 'slack', externalId },
      ...{ displayName: externalId, workspaceId: this.#workspaceId },
    } as Parameters<WeavzClient['connections']['create']>[0])
  }

  async #note<T>(mark: string, call: PromiseLike<T>, idOf: (result: T) => string): Promise<void> {
    this.#ids.set(mark, idOf(await call))
  }

  /** What may be there after a kill: all that was answered, with or without what was not. */
  get possible(): (Holdings | undefined)[] {
    const known = this.#holdings
    if (!known) {
      // Its first write created the workspace, or did not
      return this.#doubtful ? [undefined, created()] : [undefined]
    }
    const further = structuredClone(known)
    this.#doubtful?.(further)
    return [known, further].map(inOrder)
  }

  /** What is there. */
  async actual(client: WeavzClient): Promise<Holdings | undefined> {
    const { workspaces } = await client.workspaces.list({ limit: 100 })
    const workspace = workspaces.find(({ slug }) => slug === this.slug)
    if (!workspace) return undefined
    const workspaceId = workspace.id
    const [endUsers, connections, { integrations }, { partials }, servers] = await Promise.all([
      all(client.endUsers.list({ workspaceId })),
      all(client.connections.list({ workspaceId })),
      client.workspaces.integrations.list(workspaceId),
      client.partials.list({ workspaceId }),
      all(client.mcpServers.list({ workspaceId })),
    ])
    return inOrder({
      name: workspace.name,
      endUsers: endUsers.map(({ externalId }) => externalId!),
      connections: connections.map(({ externalId }) => externalId),
      integrations: Object.fromEntries(
        integrations.map(({ alias, connectionId }) => [alias, connectionId ?? null]),
      ),
      partials: Object.fromEntries(partials.map(({ name, values }) => [name, String(values.text)])),
      servers: servers.map(({ name }) => name),
      list: integrations.some(({ alias }) => alias === 'kv') ? await this.#list(client, workspaceId) : [],
    })
  }

  async #list(client: WeavzClient, workspaceId: string): Promise<number[]> {
    const call = { workspaceId, integrationAlias: 'kv', input: { key: 'list' } }
    const answer = await client.actions.execute('kv-store', 'get', call)
    return ((answer.output as { value: number[] | null }).value ?? []) as number[]
  }

  /** Runs an action on a connection whose access token has run out: that opens what was sealed. */
  async refreshed(client: WeavzClient): Promise<boolean> {
    const alias = Object.keys(this.#holdings?.integrations ?? {}).find((name) => name !== 'kv')
    if (alias === undefined) return false
    const { success } = await client.actions.execute('slack', 'send_channel_message', {
      workspaceId: this.#workspaceId,
      integrationAlias: alias,
      input: { channel: '#general', text: 'Still there' },
    })
    return success === true
  }

  /** Deletes the workspace. */
  async remove(client: WeavzClient): Promise<void> {
    const { workspaces } = await client.workspaces.list({ limit: 100 })
    const workspace = workspaces.find(({ slug }) => slug === this.slug)
    if (workspace) await client.workspaces.delete(workspace.id)
  }
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of pages) items.push(item)
  return items
}

function inOrder(held: Holdings): Holdings {
  const { endUsers, connections, servers } = held
  return {
    ...held,
    endUsers: sorted(endUsers),
    connections: sorted(connections),
    servers: sorted(servers),
  }
}
