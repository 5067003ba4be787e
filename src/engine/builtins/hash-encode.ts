import { sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { text, type Builtins } from './builtin.js'
import { convert, fromBase64, fromHex, fromUtf8, toBase64, toUtf8 } from './bytes.js'

const hashes = { sha256, sha1 }

const encoders: Record<string, (plain: string) => string> = {
  base64: (plain) => toBase64(toUtf8(plain)),
  hex: (plain) => bytesToHex(toUtf8(plain)),
  url: encodeURIComponent,
}

const decoders: Record<string, (encoded: string) => string> = {
  base64: (encoded) => fromUtf8(fromBase64(encoded)),
  hex: (encoded) => fromUtf8(fromHex(encoded)),
  url: decodeURIComponent,
}

/** `hash-encode`: digests, encodings, UUIDs. */
export const hashEncode: Builtins = {
  hash({ input }) {
    const digest = hashes[input.algorithm as keyof typeof hashes](toUtf8(text(input, 'text')))
    return { hash: input.encoding === 'hex' ? bytesToHex(digest) : toBase64(digest) }
  },

  encode({ input }) {
    const encoding = text(input, 'encoding')
    const run = () => encoders[encoding]?.(text(input, 'text'))
    return { encoded: convert(`The text cannot be encoded as ${encoding}`, run) }
  },

  decode({ input }) {
    const encoding = text(input, 'encoding')
    const run = () => decoders[encoding]?.(text(input, 'encoded'))
    return { decoded: convert(`The text is not valid ${encoding} of UTF-8`, run) }
  },

  generate_uuid({ input, ids }) {
    const count = (input.count as number | undefined) ?? 1
    if (!Number.isInteger(count) || count < 1 || count > 100) {
      throw new Error('count must be an integer from 1 to 100')
    }
    return { uuids: Array.from({ length: count }, () => ids.uuid()) }
  },
}
