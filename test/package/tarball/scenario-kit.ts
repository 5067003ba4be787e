import type * as sdk from '@weavz/sdk'
import type * as browser from '@weavz/sdk/browser'
import type * as mock from '@weavz/sdk/mock'
import type * as matchers from '@weavz/sdk/mock/matchers'
import type * as resolver from '@weavz/sdk/resolver'
import type * as vault from '@weavz/sdk/vault'

/** The entries that run everywhere. */
export interface Entries {
  readonly browser: typeof browser
  readonly matchers: typeof matchers
  readonly mock: typeof mock
  readonly resolver: typeof resolver
  readonly sdk: typeof sdk
  readonly vault: typeof vault
}

interface World {
  readonly offline: mock.MockWeavz
  readonly client: sdk.WeavzClient
}

export function world({ sdk, mock }: Entries): World {
  const offline = mock.createMockWeavz()
  return { offline, client: new sdk.WeavzClient({ ...keyOf(offline), fetch: offline.fetch }) }
}

/** A workspace with Slack for each end user: Ava has connected it, Ben has not. */
export async function furnished(entries: Entries) {
  const { offline, client } = world(entries)
  const { workspace } = await client.workspaces.create({ name: 'Acme', slug: 'acme' })
  const workspaceId = workspace.id
  const { endUser } = await client.endUsers.create({ workspaceId, externalId: 'ava' })
  await client.endUsers.create({ workspaceId, externalId: 'ben' })
  await client.workspaces.integrations.create(workspaceId, {
    integrationName: 'slack',
    connectionStrategy: 'per_user',
  })
  await client.connections.create({
    type: 'PLATFORM_OAUTH2',
    integrationName: 'slack',
    workspaceId,
    endUserId: 'ava',
    externalId: 'ava_slack',
    displayName: 'Ava',
    accessToken: 'token-of-ava',
  })
  return { offline, client, workspaceId, endUserUuid: endUser.id }
}

/** The scenario also runs in pages, where the offline Weavz is the server and its key opens nothing. */
export function keyOf({ apiKey }: { apiKey: string }): sdk.WeavzClientOptions {
  return { apiKey, dangerouslyAllowBrowser: true }
}

/** What a test runner gives to a matcher, as far as these need it. */
export const runner = {
  equals: () => true,
  utils: {
    diff: () => null,
    stringify: String,
    iterableEquality: () => undefined,
    subsetEquality: () => undefined,
  },
}

export async function thrownBy(promise: PromiseLike<unknown>): Promise<any> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/** Assertions of our own, since no library of them runs in every runtime. */
export function same(actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (a !== b) throw new Error(`${a.slice(0, 2000)} instead of ${b.slice(0, 2000)}`)
}

export function truthy(value: unknown, otherwise: string): asserts value {
  if (!value) throw new Error(otherwise)
}
