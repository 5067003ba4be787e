import type { WeavzClient } from '@weavz/sdk'
import { isWeavzError, WeavzApiError } from '@weavz/sdk'
import type { MockWeavz } from '@weavz/sdk/mock'
import { armFault, mark, type Landings } from './faults.js'
import { Model } from './model.js'
import type { Draw } from './random.js'
import type { Tally } from './tally.js'

/** What became of a call. `prevented`: by a fault, before it was done. `unknown`: its answer was lost after that. */
type Outcome<T> =
  { readonly is: 'done'; readonly value: T } | { readonly is: 'refused' | 'prevented' | 'unknown' }

type Send<T> = (options: { headers: Record<string, string>; signal?: AbortSignal }) => Promise<T>

/** A way into the mock. */
export interface Door {
  readonly client: WeavzClient
  readonly landings: Landings
}

/** How many things of a kind a tenant collects before it takes some away. */
const crowd = 25

/** One customer with a workspace of its own, at work: it changes things, and knows what must have come of it. */
export class Tenant {
  readonly #endUsers = new Model<string>()
  readonly #connections = new Model<string>()
  readonly #memory = new Model<number>()
  /** Ids that were answered, by externalId: what is to be deleted is named by id. */
  readonly #ids = new Map<string, string>()
  #serial = 0

  private constructor(
    private readonly weavz: MockWeavz,
    private readonly door: Door,
    private readonly draw: Draw,
    private readonly tally: Tally,
    private readonly workspaceId: string,
  ) {}

  static async open(weavz: MockWeavz, door: Door, draw: Draw, tally: Tally, slug: string): Promise<Tenant> {
    const { workspace } = await door.client.workspaces.create({ name: slug, slug })
    const tenant = new Tenant(weavz, door, draw, tally, workspace.id)
    const settings = { persistence: { scope: 'workspace' } } as const
    await door.client.workspaces.integrations.create(workspace.id, { integrationName: 'kv-store', settings })
    await door.client.workspaces.integrations.create(workspace.id, {
      integrationName: 'openai',
      connectionStrategy: 'per_user',
    })
    return tenant
  }

  /** Sends one call, one in eight of them into a fault. */
  async #send<T>(what: string, send: Send<T>): Promise<Outcome<T>> {
    const call = `${this.workspaceId}-${++this.#serial}`
    const fault = this.draw.below(8) === 0 ? armFault(this.weavz, this.draw, call) : undefined
    this.tally.calls += 1
    if (fault) this.tally.fault(fault.effect)
    try {
      const value = await send({ headers: { [mark]: call }, ...(fault && { signal: fault.signal }) })
      this.tally.acknowledged += 1
      return { is: 'done', value }
    } catch (error) {
      await this.door.landings.over(call)
      if (fault) return { is: fault.nothingDone ? 'prevented' : 'unknown' }
      if (!isWeavzError(error)) throw error
      if (!(error instanceof WeavzApiError) || error.status >= 500) this.tally.defect(what, error)
      return { is: 'refused' }
    } finally {
      fault?.disarm()
    }
  }

  /** Makes a change, and notes in the model what came of it. */
  async #change<T, V>(
    model: Model<V>,
    key: string,
    value: V | undefined,
    what: string,
    send: Send<T>,
  ): Promise<Outcome<T>> {
    const before = model.possible(key)
    const outcome = await this.#send(what, send)
    if (outcome.is === 'done') model.set(key, value)
    if (outcome.is === 'unknown') model.maybe(key, value)
    // Only what may be gone, or there already, may be refused
    const expected = before.length > 1 && before.includes(undefined)
    if (outcome.is === 'refused' && !expected) this.tally.lose(`${what}: ${key} was refused`)
    return outcome
  }

  /** One step of this tenant's work. */
  async step(): Promise<void> {
    const { draw } = this
    const step = draw.one([
      () => this.#addEndUser(),
      () => this.#renameEndUser(),
      () => this.#removeEndUser(),
      () => this.#connect(),
      () => this.#disconnect(),
      () => this.#remember(),
      () => this.#recall(),
      () => this.#execute(),
      () => this.#look(),
    ])
    await step()
  }

  #known(model: Model<unknown>): string | undefined {
    const keys = model.keys().filter((key) => this.#ids.has(key))
    return keys.length === 0 ? undefined : this.draw.one(keys)
  }

  async #addEndUser(): Promise<void> {
    if (this.#endUsers.keys().length > crowd) return this.#removeEndUser()
    const externalId = `user_${++this.#serial}`
    const body = { workspaceId: this.workspaceId, externalId, displayName: externalId }
    const outcome = await this.#change(this.#endUsers, externalId, externalId, 'add an end user', (options) =>
      this.door.client.endUsers.create(body, options),
    )
    if (outcome.is === 'done') this.#ids.set(externalId, outcome.value.endUser.id)
  }

  async #renameEndUser(): Promise<void> {
    const externalId = this.#known(this.#endUsers)
    if (externalId === undefined) return
    const displayName = `Name ${++this.#serial}`
    const id = this.#ids.get(externalId) as string
    await this.#change(this.#endUsers, externalId, displayName, 'rename an end user', (options) =>
      this.door.client.endUsers.update(id, { displayName }, options),
    )
  }

  async #removeEndUser(): Promise<void> {
    const externalId = this.#known(this.#endUsers)
    if (externalId === undefined) return
    const id = this.#ids.get(externalId) as string
    // Their connection goes with them, or stays with them
    const key = `key_of_${externalId}`
    const mayBeConnected = this.#connections.possible(key).some((secret) => secret !== undefined)
    const outcome = await this.#change(
      this.#endUsers,
      externalId,
      undefined,
      'remove an end user',
      (options) => this.door.client.endUsers.delete(id, options),
    )
    if (outcome.is === 'done') this.#connections.set(key, undefined)
    else if (outcome.is === 'unknown' && mayBeConnected) this.#connections.maybe(key, undefined)
  }

  async #connect(): Promise<void> {
    const endUserId = this.#known(this.#endUsers)
    // Who may be gone would be created anew
    if (endUserId === undefined || this.#endUsers.possible(endUserId).includes(undefined)) return
    const externalId = `key_of_${endUserId}`
    if (!this.#connections.allows(externalId, undefined)) return
    // The id of an account that was there before is not that of this one
    this.#ids.delete(externalId)
    const secretText = `sk-${externalId}-${++this.#serial}`
    const owner = { workspaceId: this.workspaceId, endUserId, externalId }
    const outcome = await this.#change(
      this.#connections,
      externalId,
      secretText,
      'store credentials',
      (options) =>
        this.door.client.connections.create(
          { ...owner, type: 'SECRET_TEXT', integrationName: 'openai', displayName: 'Account', secretText },
          options,
        ),
    )
    if (outcome.is === 'done') this.#ids.set(externalId, outcome.value.connection.id)
  }

  async #disconnect(): Promise<void> {
    const externalId = this.#known(this.#connections)
    if (externalId === undefined) return
    const id = this.#ids.get(externalId) as string
    await this.#change(this.#connections, externalId, undefined, 'remove credentials', (options) =>
      this.door.client.connections.delete(id, options),
    )
  }

  async #remember(): Promise<void> {
    const key = `key_${this.draw.below(crowd)}`
    const value = ++this.#serial
    const call = { workspaceId: this.workspaceId, input: { key, value } }
    await this.#change(this.#memory, key, value, 'remember', (options) =>
      this.door.client.actions.execute('kv-store', 'put', call, options),
    )
  }

  async #recall(): Promise<void> {
    const key = `key_${this.draw.below(crowd)}`
    const call = { workspaceId: this.workspaceId, input: { key } }
    const outcome = await this.#send('recall', (options) =>
      this.door.client.actions.execute('kv-store', 'get', call, options),
    )
    if (outcome.is !== 'done' || !outcome.value.success) return
    const { value } = outcome.value.output as { value: number | null }
    if (!this.#memory.found(key, value ?? undefined)) this.tally.lose(`what ${key} remembers`)
  }

  /** Runs an action on a user's account; its handler answers with the secret that it was given. */
  async #execute(): Promise<void> {
    const externalId = this.#known(this.#connections)
    if (externalId === undefined) return
    const call = {
      ...{ workspaceId: this.workspaceId, connectionExternalId: externalId },
      input: { model: 'gpt-4o', messages: [] },
    }
    const outcome = await this.#send('execute', (options) =>
      this.door.client.actions.execute('openai', 'chat_completion', call, options),
    )
    if (outcome.is !== 'done' || !outcome.value.success) return
    if (!this.#connections.found(externalId, outcome.value.output as string))
      this.tally.lose(`the secret of ${externalId}`)
  }

  async #look(): Promise<void> {
    await this.#send('list', (options) =>
      this.door.client.connections.list({ workspaceId: this.workspaceId }, options),
    )
  }

  /** Reads everything back and compares; then the workspace goes, with all that is in it. */
  async close(): Promise<void> {
    const { workspaceId } = this
    const { client } = this.door
    const endUsers = new Map<string, string>()
    for await (const { externalId, displayName } of client.endUsers.list({ workspaceId })) {
      endUsers.set(externalId as string, displayName as string)
    }
    this.#compare('end user', this.#endUsers, endUsers)
    const connections = new Map<string, string>()
    for await (const { externalId } of client.connections.list({ workspaceId })) {
      const call = { workspaceId, connectionExternalId: externalId, input: { model: 'gpt-4o', messages: [] } }
      const { output } = (await client.actions.execute('openai', 'chat_completion', call)) as {
        output: string
      }
      connections.set(externalId, output)
    }
    this.#compare('connection', this.#connections, connections)
    const memory = new Map<string, number>()
    for (let at = 0; at < crowd; at += 1) {
      const call = { workspaceId, input: { key: `key_${at}` } }
      const { output } = (await client.actions.execute('kv-store', 'get', call)) as {
        output: { value: number | null }
      }
      if (output.value !== null) memory.set(`key_${at}`, output.value)
    }
    this.#compare('remembered value', this.#memory, memory)
    await client.workspaces.delete(workspaceId)
  }

  #compare<V>(what: string, model: Model<V>, found: ReadonlyMap<string, V>): void {
    for (const key of new Set([...model.keys(), ...found.keys()])) {
      this.tally.compared += 1
      if (!model.allows(key, found.get(key))) this.tally.lose(`${what} ${key}`)
    }
  }
}
