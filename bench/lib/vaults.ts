/** The vault and its peers: what others take for the same bytes. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createVault, KeyRing, type VaultContext } from '@weavz/sdk/vault'
import { CompactEncrypt, compactDecrypt } from 'jose'
import type { Timed } from './measure.js'
import { optional } from './peers.js'

/** What seals and opens. */
interface Sealer {
  seal(text: string): Promise<unknown>
  open(sealed: never): Promise<string>
}

interface Peer {
  readonly name: string
  readonly note: string
  /** Undefined if it is not installed. */
  make(): Promise<Sealer | undefined>
}

export const ours = 'vault'
export const bare = 'WebCrypto AES-GCM'
/** The one that the goals are about: docs/decisions/009-how-the-vault-is-measured.md. */
export const committing = 'AWS Encryption SDK, committing'

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
/** What the AWS SDK is told: its suite of the same guarantees. */
const suite = 'ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY'
const named = { keyName: 'k1', keyNamespace: 'bench' }
const encryptionContext = { connectionId: context.connectionId ?? '', field: context.field ?? '' }
const utf8 = new TextEncoder()
const text = new TextDecoder()

export const peers: readonly Peer[] = [
  {
    name: ours,
    note: 'HKDF, the import of the derived key and AES-GCM: three WebCrypto calls that wait for one another.',
    async make() {
      const vault = createVault({ keys: new KeyRing().add('k1', key) })
      return {
        seal: (plaintext) => vault.seal(plaintext, context),
        open: async (sealed: string) => (await vault.open(sealed, context, 'test')).reveal(),
      }
    },
  },
  {
    name: bare,
    note: 'One call under a key that is imported already: no key of its own for each value, no commitment, no text form.',
    async make() {
      const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
      const parameters = (iv: Uint8Array<ArrayBuffer>) => ({ name: 'AES-GCM', iv, additionalData: aad })
      return {
        async seal(plaintext) {
          const iv = crypto.getRandomValues(new Uint8Array(12))
          return { iv, sealed: await crypto.subtle.encrypt(parameters(iv), imported, utf8.encode(plaintext)) }
        },
        open: async ({ iv, sealed }: { iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer }) =>
          text.decode(await crypto.subtle.decrypt(parameters(iv), imported, sealed)),
      }
    },
  },
  {
    name: 'WebCrypto HKDF and AES-GCM',
    note: 'The three calls that the format of the vault needs, HKDF, the import of the key and AES-GCM, and nothing around them.',
    async make() {
      const base = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits'])
      const derived = async (salt: Uint8Array<ArrayBuffer>, usage: KeyUsage) => {
        const parameters = { name: 'HKDF', hash: 'SHA-256', salt, info: aad }
        const okm = new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 76 * 8))
        const imported = await crypto.subtle.importKey('raw', okm.subarray(0, 32), 'AES-GCM', false, [usage])
        return { imported, aes: { name: 'AES-GCM', iv: okm.slice(32, 44), additionalData: aad } }
      }
      return {
        async seal(plaintext) {
          const salt = crypto.getRandomValues(new Uint8Array(32))
          const { aes, imported } = await derived(salt, 'encrypt')
          return { salt, sealed: await crypto.subtle.encrypt(aes, imported, utf8.encode(plaintext)) }
        },
        async open({ salt, sealed }: { salt: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer }) {
          const { aes, imported } = await derived(salt, 'decrypt')
          return text.decode(await crypto.subtle.decrypt(aes, imported, sealed))
        },
      }
    },
  },
  {
    name: 'node:crypto AES-GCM',
    note: 'What bare WebCrypto does, on the spot: nothing is handed to another thread.',
    make: async () => ({
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
    }),
  },
  {
    name: 'jose dir + A256GCM',
    note: 'WebCrypto, too; imports the key each time.',
    make: async () => ({
      seal: (plaintext) =>
        new CompactEncrypt(utf8.encode(plaintext))
          .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
          .encrypt(key),
      open: async (sealed: string) => text.decode((await compactDecrypt(sealed, key)).plaintext),
    }),
  },
  {
    name: committing,
    note: 'The peer with the same guarantees, through WebCrypto, too: a derived key for each value, and a commitment to it; no signature.',
    async make() {
      // Its packages look for WebCrypto there, when they are loaded
      Object.assign(globalThis, { window: globalThis })
      const sdk = await optional('@aws-crypto/client-browser')
      if (!sdk) return undefined
      const { encrypt, decrypt } = sdk.buildClient(sdk.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
      const wrappingSuite = sdk.RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING
      const masterKey = await sdk.RawAesKeyringWebCrypto.importCryptoKey(new Uint8Array(key), wrappingSuite)
      const keyring = new sdk.RawAesKeyringWebCrypto({ ...named, masterKey, wrappingSuite })
      const suiteId = sdk.AlgorithmSuiteIdentifier[suite]
      return {
        seal: async (plaintext) =>
          (await encrypt(keyring, utf8.encode(plaintext), { suiteId, encryptionContext })).result,
        open: async (sealed: Uint8Array) => text.decode((await decrypt(keyring, sealed)).plaintext),
      }
    },
  },
  {
    name: 'AWS Encryption SDK for Node, committing',
    note: 'What the AWS Encryption SDK does for WebCrypto, on the spot through node:crypto: nothing else runs meanwhile.',
    async make() {
      const sdk = await optional('@aws-crypto/client-node')
      if (!sdk) return undefined
      const { encrypt, decrypt } = sdk.buildClient(sdk.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
      const keyring = new sdk.RawAesKeyringNode({
        ...named,
        unencryptedMasterKey: new Uint8Array(key),
        wrappingSuite: sdk.RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
      })
      const suiteId = sdk.AlgorithmSuiteIdentifier[suite]
      return {
        seal: async (plaintext) => (await encrypt(keyring, plaintext, { suiteId, encryptionContext })).result,
        open: async (sealed: Buffer) => (await decrypt(keyring, sealed)).plaintext.toString('utf8'),
      }
    },
  },
]

export const sizes = { '64 B': 64, '1 KiB': 1024, '16 KiB': 16_384 } as const
export type Size = keyof typeof sizes
export const verbs = ['seal', 'open', 'open again'] as const

/** More than the vault keeps keys of, and than its redactor remembers: each value is a new one to it. */
const variety = 2048
/** Few enough for the vault to have their keys at hand. */
const familiar = 64

const textsOf = (size: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${i} `.padEnd(size, 'credential '))

function sealing(name: string, peer: Sealer, texts: readonly string[]): Timed {
  let next = 0
  return { name, run: () => peer.seal(texts[next++ % texts.length] as string) }
}

async function opening(name: string, peer: Sealer, texts: readonly string[]): Promise<Timed> {
  const sealed: unknown[] = []
  for (const plaintext of texts) sealed.push(await peer.seal(plaintext))
  if ((await peer.open(sealed[7] as never)) !== texts[7]) {
    throw new Error(`${name} does not open what it sealed`)
  }
  let next = 0
  return { name, run: () => peer.open(sealed[next++ % sealed.length] as never) }
}

/** `seal 1 KiB`, or `seal 1 KiB, 64 at once`. */
export const titleOf = (verb: string, size: Size, concurrency = 1) =>
  `${verb} ${size}${concurrency === 1 ? '' : `, ${concurrency} at once`}`

/** What is timed of each, by such titles. */
export async function tasksOf(
  name: string,
  peer: Sealer,
  titles: readonly string[],
): Promise<Record<string, Timed>> {
  const tasks: Record<string, Timed> = {}
  for (const size of Object.keys(sizes) as Size[]) {
    const texts = textsOf(sizes[size], variety)
    const makers = {
      seal: async () => sealing(name, peer, texts),
      open: () => opening(name, peer, texts),
      'open again': () => opening(name, peer, texts.slice(0, familiar)),
    }
    for (const verb of verbs) {
      const asked = titles.filter((title) => title.split(',')[0] === titleOf(verb, size))
      for (const title of asked) tasks[title] = await makers[verb]()
    }
  }
  return tasks
}
