/**
 * Sealing and opening beside what others take for the same bytes, in one run on one machine: compare the ratios, not
 * the times. `npx tsx bench/vault.ts`
 *
 * Bare WebCrypto is one AES-256-GCM call under a key that is already imported: no derived key, no commitment, no
 * context, no text form. The AWS Encryption SDK is the peer with the same guarantees; it joins in when
 * `@aws-crypto/client-node` is installed.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { Bench } from 'tinybench'
import { createVault, KeyRing, type VaultContext } from '../src/engine/vault/index.js'

interface Peer {
  readonly name: string
  seal(text: string): Promise<unknown>
  open(sealed: never): Promise<string>
}

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
    name: 'WebCrypto AES-GCM',
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
    seal: (plaintext) => new CompactEncrypt(utf8.encode(plaintext)).setProtectedHeader(header).encrypt(key),
    open: async (sealed: string) => text.decode((await compactDecrypt(sealed, key)).plaintext),
  }
}

/** With key commitment, without signatures: what the vault promises. */
async function aws(): Promise<Peer | undefined> {
  // Not a dependency of the project, so the name is kept from the compiler
  const name: string = '@aws-crypto/client-node'
  const sdk = await import(name).catch(() => undefined)
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
    name: 'AWS Encryption SDK, committing',
    seal: async (plaintext) => (await encrypt(keyring, plaintext, { suiteId, encryptionContext })).result,
    open: async (sealed: Buffer) => (await decrypt(keyring, sealed)).plaintext.toString('utf8'),
  }
}

function vault(): Peer {
  const ours = createVault({ keys: new KeyRing().add('k1', key) })
  return {
    name: 'vault',
    seal: (plaintext) => ours.seal(plaintext, context),
    open: async (sealed: string) => (await ours.open(sealed, context, 'test')).reveal(),
  }
}

/** More than the redactor remembers, so that opening a known value over and over is not what is measured. */
const variety = 2048

/** Rounds in which every peer has its turn: what disturbs the machine for a while disturbs all of them. */
const rounds = 8

/** Median of the quietest round, µs. */
async function measure(peers: readonly Peer[], size: number, work: 'seal' | 'open'): Promise<number[]> {
  const texts = Array.from({ length: variety }, (_, i) => `${i} `.padEnd(size, 'credential '))
  const tasks: { name: string; run: () => Promise<void> }[] = []
  for (const peer of peers) {
    const sealed: unknown[] = []
    for (const plaintext of texts) sealed.push(await peer.seal(plaintext))
    if ((await peer.open(sealed[7] as never)) !== texts[7])
      throw new Error(`${peer.name} does not open what it sealed`)
    let next = 0
    const run = async () => {
      const i = next++ % variety
      if (work === 'seal') await peer.seal(texts[i] as string)
      else await peer.open(sealed[i] as never)
    }
    tasks.push({ name: peer.name, run })
  }
  const best = peers.map(() => Infinity)
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ time: 150, warmupTime: round === 0 ? 300 : 50 })
    for (const { name, run } of tasks) bench.add(name, run)
    await bench.run()
    bench.tasks.forEach(({ name, result }, i) => {
      if (!('latency' in result)) throw new Error(`${name} was not measured`)
      best[i] = Math.min(best[i] as number, result.latency.p50 * 1000)
    })
  }
  return best
}

const candidates = [vault(), await webCrypto(), nodeCrypto(), jose(), await aws()]
const peers = candidates.filter((peer) => peer !== undefined)
if (peers.length < candidates.length) console.log('@aws-crypto/client-node is not installed: left out\n')
for (const size of [64, 1024, 16_384]) {
  const seal = await measure(peers, size, 'seal')
  const open = await measure(peers, size, 'open')
  console.log(`${size} bytes: median in µs of the quietest round, and how many times as long the vault takes`)
  console.table(
    Object.fromEntries(
      peers.map(({ name }, i) => [
        name,
        {
          'seal µs': Number(seal[i]?.toFixed(1)),
          'open µs': Number(open[i]?.toFixed(1)),
          'vault / it, seal': Number(((seal[0] as number) / (seal[i] as number)).toFixed(2)),
          'vault / it, open': Number(((open[0] as number) / (open[i] as number)).toFixed(2)),
        },
      ]),
    ),
  )
}
