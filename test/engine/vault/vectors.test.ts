import { describe, expect, it } from 'vitest'
import { decrypt, encrypt, hkdf, importBase } from '../../../src/engine/vault/cipher.js'
import { bytesOf, fixture } from './kit.js'

interface AeadVector {
  tcId: number
  comment: string
  key: string
  iv: string
  aad: string
  msg: string
  ct: string
  tag: string
  result: 'valid' | 'invalid'
}
interface HkdfVector {
  tcId: number
  comment: string
  ikm: string
  salt: string
  info: string
  size: number
  okm: string
  result: 'valid' | 'invalid'
}

const hex = (bytes: ArrayBuffer) => Buffer.from(bytes).toString('hex')
const testsOf = <T>(name: string): T[] =>
  fixture(name).testGroups.flatMap((group: { tests: T[] }) => group.tests)

describe('the primitives that the vault calls', () => {
  const aead = testsOf<AeadVector>('wycheproof_v1_aes_gcm_256_96_128')

  it('has the whole Wycheproof group of AES-256-GCM with 96-bit IV and 128-bit tag', () => {
    expect(aead).toHaveLength(66)
    expect(new Set(aead.map(({ result }) => result))).toEqual(new Set(['valid', 'invalid']))
  })

  it.each(aead)('agrees with Wycheproof AES-GCM case $tcId ($result) $comment', async (vector) => {
    const { key, iv, aad, msg } = vector
    const parts = [bytesOf(key), bytesOf(iv), bytesOf(aad)] as const
    const sealed = bytesOf(vector.ct + vector.tag)
    if (vector.result === 'valid') {
      expect(hex(await encrypt(...parts, bytesOf(msg)))).toBe(vector.ct + vector.tag)
      expect(hex(await decrypt(...parts, sealed))).toBe(msg)
    } else {
      await expect(decrypt(...parts, sealed)).rejects.toThrow()
    }
  })

  it.each(testsOf<HkdfVector>('wycheproof_v1_hkdf_sha256'))(
    'agrees with Wycheproof HKDF-SHA-256 case $tcId ($result) $comment',
    async ({ ikm, salt, info, size, okm, result }) => {
      const derived = importBase(bytesOf(ikm)).then((base) => hkdf(base, bytesOf(salt), bytesOf(info), size))
      if (result === 'valid') expect(hex(await derived)).toBe(okm)
      else await expect(derived).rejects.toThrow()
    },
  )
})
