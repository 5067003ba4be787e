import { sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { text, type Builtins } from './builtin.js'

const hashes = { sha256, sha1 }

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

const fromBase64 = (encoded: string) => Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))

const encoders: Record<string, (plain: string) => string> = {
  base64: (plain) => toBase64(utf8ToBytes(plain)),
  hex: (plain) => bytesToHex(utf8ToBytes(plain)),
  url: encodeURIComponent,
}

// Bytes that are no UTF-8 are an error, not replacement characters that nobody asked for.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const decoders: Record<string, (encoded: string) => string> = {
  base64: (encoded) => utf8.decode(fromBase64(encoded)),
  hex: (encoded) => utf8.decode(hexToBytes(encoded)),
  url: decodeURIComponent,
}

function attempt<T>(what: string, run: () => T): T {
  try {
    return run()
  } catch {
    throw new Error(what)
  }
}

/** `hash-encode`: digests, encodings, UUIDs. */
export const hashEncode: Builtins = {
  hash({ input }) {
    const digest = hashes[input.algorithm as keyof typeof hashes](utf8ToBytes(text(input, 'text')))
    return { hash: input.encoding === 'hex' ? bytesToHex(digest) : toBase64(digest) }
  },

  encode({ input }) {
    const encoding = text(input, 'encoding')
    const run = () => encoders[encoding]?.(text(input, 'text'))
    return { encoded: attempt(`The text cannot be encoded as ${encoding}`, run) }
  },

  decode({ input }) {
    const encoding = text(input, 'encoding')
    const run = () => decoders[encoding]?.(text(input, 'encoded'))
    return { decoded: attempt(`The text is not valid ${encoding} of UTF-8`, run) }
  },

  generate_uuid({ input, ids }) {
    const count = (input.count as number | undefined) ?? 1
    if (!Number.isInteger(count) || count < 1 || count > 100) {
      throw new Error('count must be an integer from 1 to 100')
    }
    return { uuids: Array.from({ length: count }, () => ids.uuid()) }
  },
}
