import { hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decrypt } from '../../../src/engine/vault/cipher.js'
import { encodeContext, contextTexts } from '../../../src/engine/vault/context.js'
import { formatEnvelope } from '../../../src/engine/vault/envelope.js'
import { createVault, KeyRing } from '../../../src/engine/vault/index.js'
import { Openers } from '../../../src/engine/vault/openers.js'
import { bytesOf, context, failureOf, fixture, keyBytes, shut } from './kit.js'
import { forgeCollision } from './gcm-collision.js'

describe('a ciphertext that was made to open under two keys', () => {
  it('does so in plain AES-GCM', async () => {
    const { key1, key2, iv, aad, ct, tag, ...expected } = fixture('gcm_key_commitment_collision')
    const open = async (key: string) =>
      Buffer.from(await decrypt(bytesOf(key), bytesOf(iv), bytesOf(aad), bytesOf(ct + tag))).toString('hex')
    expect(await open(key1)).toBe(expected.plaintext_under_key1)
    expect(await open(key2)).toBe(expected.plaintext_under_key2)
  })

  it('opens in the vault under neither key of the published collision', async () => {
    const { key1, key2, ct, tag } = fixture('gcm_key_commitment_collision')
    const sealed = Buffer.from(ct + tag, 'hex').toString('base64url')
    const part = Buffer.alloc(32).toString('base64url')
    for (const key of [key1, key2]) {
      const vault = createVault({ keys: new KeyRing().add('k', bytesOf(key)) })
      expect(await failureOf(vault.open(`wv1.k.${part}.${part}.${sealed}`, context, 'test'))).toEqual(shut)
    }
  })

  it('opens in the vault under the committed key alone, even if it was forged for the keys that the vault derives', async () => {
    // Somebody who has both keys makes one envelope: two tenants that name different keys alike would read different
    // texts from it, if it were not for the commitment
    const salt = Buffer.alloc(32, 7)
    const place = Buffer.from(encodeContext(context).context)
    const derived = [keyBytes('tenant a'), keyBytes('tenant b')].map((key) => {
      const info = Buffer.concat([Buffer.from('weavz.vault.v1\0'), place])
      const okm = Buffer.from(hkdfSync('sha256', key, salt, info, 76))
      return { key: okm.subarray(0, 32), iv: okm.subarray(32, 44), commitment: okm.subarray(44) }
    }) as [Derived, Derived]

    for (const { commitment } of derived) {
      const aad = Buffer.concat([Buffer.from('wv1k'), salt, commitment, place])
      const sealed = forgeCollision(...derived, aad)
      for (const { key, iv } of derived) {
        const bytes = [key, iv, aad, sealed].map((part) => new Uint8Array(part)) as Parameters<typeof decrypt>
        expect((await decrypt(...bytes)).byteLength).toBe(32)
      }
      const part = (bytes: Buffer) => new Uint8Array(bytes)
      const envelope = { kid: 'k', salt: part(salt), commitment: part(commitment), sealed: part(sealed) }
      const text = formatEnvelope(envelope)
      const opened = await Promise.all(
        ['tenant a', 'tenant b'].map((name) =>
          new Openers(new KeyRing().add('k', keyBytes(name))).open(text, contextTexts(context)),
        ),
      )
      expect(opened.map((bytes) => bytes !== undefined)).toEqual(
        derived.map((of) => of.commitment === commitment),
      )

      // Neither forged text is UTF-8; a vault says no more about that than about anything else
      for (const name of ['tenant a', 'tenant b']) {
        const vault = createVault({ keys: new KeyRing().add('k', keyBytes(name)) })
        expect(await failureOf(vault.open(text, context, 'test'))).toEqual(shut)
      }
    }
  })
})

interface Derived {
  key: Buffer
  iv: Buffer
  commitment: Buffer
}
