/** Sealing and opening, beside what others take for the same bytes. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createVault, KeyRing, type VaultContext } from '@weavz/sdk/vault'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { race, type Timed } from './lib/measure.js'
import { missingPeers, optional } from './lib/peers.js'
import { tableOf, type Benchmark, type Column } from './lib/report.js'

interface Peer {
  readonly name: string
  readonly note: string
  seal(text: string): Promise<unknown>
  open(sealed: never): Promise<string>
}

const ours = 'vault'
const bare = 'WebCrypto AES-GCM'
const committing = 'AWS Encryption SDK, committing'

const key = randomBytes(32)
const context: VaultContext = {
  orgId: 'b2f1c0de-0000-4000-8000-000000000001',
  connectionId: 'b2f1c0de-0000-4000-8000-000000000002',
  integrationName: 'slack',
  owner: { scope: 'USER', workspaceId: 'b2f1c0de-0000-4000-8000-000000000003', endUserId: 'user_123' },
  credentialType: 'OAUTH2',
  field: 'accessToken',
}
const aad = Buffer.from(JSON.stringify(context))
const utf8 = new TextEncoder()
const text = new TextDecoder()

async function webCrypto(): Promise<Peer> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
  const parameters = (iv: Uint8Array<ArrayBuffer>) => ({ name: 'AES-GCM', iv, additionalData: aad })
  return {
    name: bare,
    note: 'One call under a key that is imported already: no key of its own for each value, no commitment, no text form.',
    async seal(plaintext) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      return { iv, sealed: await crypto.subtle.encrypt(parameters(iv), imported, utf8.encode(plaintext)) }
    },
    open: async ({ iv, sealed }: { iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer }) =>
      text.decode(await crypto.subtle.decrypt(parameters(iv), imported, sealed)),
  }
}

function nodeCrypto(): Peer {
  return {
    name: 'node:crypto AES-GCM',
    note: 'The same, but on the spot: nothing is handed to another thread.',
    async seal(plaintext) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad)
      const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return { iv, sealed, tag: cipher.getAuthTag() }
    },
    async open({ iv, sealed, tag }: { iv: Buffer; sealed: Buffer; tag: Buffer }) {
      const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(aad).setAuthTag(tag)
      return decipher.update(sealed, undefined, 'utf8') + decipher.final('utf8')
    },
  }
}

function jose(): Peer {
  const header = { alg: 'dir', enc: 'A256GCM' }
  return {
    name: 'jose dir + A256GCM',
    note: 'WebCrypto, too; imports the key each time.',
    seal: (plaintext) => new CompactEncrypt(utf8.encode(plaintext)).setProtectedHeader(header).encrypt(key),
    open: async (sealed: string) => text.decode((await compactDecrypt(sealed, key)).plaintext),
  }
}

/** With key commitment, without signatures: what the vault promises. */
async function aws(): Promise<Peer | undefined> {
  const sdk = await optional('@aws-crypto/client-node')
  if (!sdk) return undefined
  const { encrypt, decrypt } = sdk.buildClient(sdk.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
  const keyring = new sdk.RawAesKeyringNode({
    keyName: 'k1',
    keyNamespace: 'bench',
    unencryptedMasterKey: new Uint8Array(key),
    wrappingSuite: sdk.RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  })
  const suiteId = sdk.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY
  const encryptionContext = { connectionId: context.connectionId, field: context.field }
  return {
    name: committing,
    note: 'The peer with the same guarantees: a derived key for each value, and a commitment to it.',
    seal: async (plaintext) => (await encrypt(keyring, plaintext, { suiteId, encryptionContext })).result,
    open: async (sealed: Buffer) => (await decrypt(keyring, sealed)).plaintext.toString('utf8'),
  }
}

function theVault(): Peer {
  const vault = createVault({ keys: new KeyRing().add('k1', key) })
  return {
    name: ours,
    note: 'HKDF, the import of the derived key and AES-GCM: three WebCrypto calls that wait for one another.',
    seal: (plaintext) => vault.seal(plaintext, context),
    open: async (sealed: string) => (await vault.open(sealed, context, 'test')).reveal(),
  }
}

/** More than the vault keeps keys of, and than its redactor remembers: each value is a new one to it. */
const variety = 2048
/** Few enough for the vault to have their keys at hand. */
const familiar = 64

const textsOf = (size: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${i} `.padEnd(size, 'credential '))

function sealing(peer: Peer, texts: readonly string[]): Timed {
  let next = 0
  return { name: peer.name, run: () => peer.seal(texts[next++ % texts.length] as string) }
}

async function opening(peer: Peer, texts: readonly string[]): Promise<Timed> {
  const sealed: unknown[] = []
  for (const plaintext of texts) sealed.push(await peer.seal(plaintext))
  if ((await peer.open(sealed[7] as never)) !== texts[7]) {
    throw new Error(`${peer.name} does not open what it sealed`)
  }
  let next = 0
  return { name: peer.name, run: () => peer.open(sealed[next++ % sealed.length] as never) }
}

interface Effort {
  readonly rounds: number
  readonly batchMs: number
  readonly concurrency?: number
  /** How many values there are. */
  readonly variety: number
}

async function columnsOf(
  peers: readonly Peer[],
  size: number,
  title: string,
  { variety, ...effort }: Effort,
) {
  const texts = textsOf(size, variety)
  const column = async (verb: string, tasks: readonly Timed[]): Promise<Column> => ({
    title: `${verb} ${title}`,
    unit: 'time',
    samples: await race(tasks, effort),
  })
  const seal = peers.map((peer) => sealing(peer, texts))
  const open: Timed[] = []
  const again: Timed[] = []
  for (const peer of peers) {
    open.push(await opening(peer, texts))
    again.push(await opening(peer, texts.slice(0, familiar)))
  }
  return [await column('seal', seal), await column('open', open), await column('open again', again)]
}

export const run: Benchmark = async ({ quick }) => {
  const candidates = [theVault(), await webCrypto(), nodeCrypto(), jose(), await aws()]
  const peers = candidates.filter((peer) => peer !== undefined)
  const effort = quick ? { rounds: 3, batchMs: 3, variety: familiar } : { rounds: 40, batchMs: 25, variety }
  const columns: Column[] = []
  for (const [size, title] of [
    [64, '64 B'],
    [1024, '1 KiB'],
    [16_384, '16 KiB'],
  ] as const) {
    columns.push(...(await columnsOf(peers, size, title, effort)))
  }
  const shape = {
    reference: bare,
    ours: [ours],
    notes: Object.fromEntries(peers.map(({ name, note }) => [name, note])),
    goals: (compare: (column: string, name: string, other: string) => number) =>
      ['seal 1 KiB', 'open 1 KiB'].flatMap((column) => [
        { text: `vault: ${column} beside bare WebCrypto`, limit: 4, value: compare(column, ours, bare) },
        ...(peers.some(({ name }) => name === committing)
          ? [
              {
                text: `vault: ${column} beside the AWS Encryption SDK`,
                limit: 1 / 3,
                value: compare(column, ours, committing),
              },
            ]
          : []),
      ]),
  }
  const alone = tableOf({
    ...shape,
    title: 'Sealing and opening, one value after the other',
    about:
      'Time to seal a text, to open one for the first time, and to open one whose derived key the vault still has. ' +
      'Each wait for WebCrypto is a wait for another thread.',
    columns,
  })
  const together = tableOf({
    ...shape,
    title: 'Sealing and opening, 64 at once',
    about: 'The same as a server under load does it: while one value waits for a thread, others go on.',
    columns: await columnsOf(peers, 1024, '1 KiB', { ...effort, concurrency: 64 }),
  })
  return { tables: [alone, together], leftOut: missingPeers() }
}
