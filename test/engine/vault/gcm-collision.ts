import { createCipheriv } from 'node:crypto'

/** How GCM is made to open under two keys: one block of the ciphertext solves a linear equation in GF(2^128). */

interface Party {
  key: Buffer
  iv: Buffer
}

const reduction = 0xe1n << 120n

/** Multiplication in GF(2^128) with the bit order of NIST SP 800-38D, 6.3. */
function multiply(x: bigint, y: bigint): bigint {
  let product = 0n
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) product ^= y
    y = y & 1n ? (y >> 1n) ^ reduction : y >> 1n
  }
  return product
}

/** x^(2^128 - 2), the inverse. */
function invert(x: bigint): bigint {
  let result = 1n << 127n
  let square = x
  for (let i = 1; i < 128; i++) {
    square = multiply(square, square)
    result = multiply(result, square)
  }
  return result
}

function block(key: Buffer, input: Buffer): bigint {
  return toNumber(createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(input))
}

const toNumber = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`)
const toBytes = (number: bigint) => Buffer.from(number.toString(16).padStart(32, '0'), 'hex')

function blocksOf(bytes: Buffer): bigint[] {
  const padded = Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)])
  return Array.from({ length: padded.length / 16 }, (_, i) => toNumber(padded.subarray(i * 16, i * 16 + 16)))
}

/** Ciphertext of two blocks and its tag, which authenticate under both keys. */
export function forgeCollision(a: Party, b: Party, aad: Buffer): Buffer {
  const first = Buffer.alloc(16, 0x5a)
  const lengths = (BigInt(aad.length * 8) << 64n) | 256n
  const tagOf = ({ key, iv }: Party, second: bigint) => {
    const h = block(key, Buffer.alloc(16))
    const hash = [...blocksOf(aad), toNumber(first), second, lengths].reduce(
      (sum, x) => multiply(sum ^ x, h),
      0n,
    )
    return { tag: hash ^ block(key, Buffer.concat([iv, Buffer.from([0, 0, 0, 1])])), squared: multiply(h, h) }
  }
  const [ofA, ofB] = [tagOf(a, 0n), tagOf(b, 0n)]
  const second = multiply(ofA.tag ^ ofB.tag, invert(ofA.squared ^ ofB.squared))
  return Buffer.concat([first, toBytes(second), toBytes(tagOf(a, second).tag)])
}
