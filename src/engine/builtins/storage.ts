import { timestamp, type Clock } from '../clock.js'
import type { Namespace } from '../persistence.js'
import { text, type BuiltinCall, type Builtins } from './builtin.js'
import { convert, fromBase64, fromUtf8, toBase64, toUtf8 } from './bytes.js'

/** A file as the namespace holds it: bytes in base64, so that the state is JSON. */
interface File {
  readonly base64: string
  readonly size: number
  readonly contentType: string
  readonly updatedAt: string
}

function fileOf(bytes: Uint8Array, contentType: string, now: number): File {
  return { base64: toBase64(bytes), size: bytes.length, contentType, updatedAt: timestamp(now) }
}

const plainText = 'text/plain'
const anyBytes = 'application/octet-stream'

/** The files that a sandbox sees: those of `storage`, in one of its namespaces. */
export interface MountedFiles {
  /** Paths in the order of their letters. */
  list(prefix?: string): string[]
  /** The bytes of a file; undefined if there is none. */
  read(path: string): Uint8Array | undefined
  /** @param contentType Default `text/plain` of texts, `application/octet-stream` of bytes. */
  write(path: string, content: string | Uint8Array, contentType?: string): void
  /** Whether there was one. */
  delete(path: string): boolean
}

export function mountFiles(namespace: Namespace, clock: Clock): MountedFiles {
  return {
    list: (prefix = '') =>
      Array.from(namespace, ([path]) => path)
        .filter((path) => path.startsWith(prefix))
        .sort(),
    read(path) {
      const file = namespace.get(path) as File | undefined
      return file && fromBase64(file.base64)
    },
    write(path, content, contentType = typeof content === 'string' ? plainText : anyBytes) {
      if (path === '') throw new TypeError('path must not be empty')
      const bytes = typeof content === 'string' ? toUtf8(content) : content
      namespace.set(path, fileOf(bytes, contentType, clock.now()))
    },
    delete: (path) => namespace.delete(path),
  }
}

function pathOf({ input }: BuiltinCall): string {
  const path = text(input, 'path')
  if (path === '') throw new Error('path must not be empty')
  return path
}

function fileAt(call: BuiltinCall): File {
  const file = call.namespace.get(pathOf(call))
  if (!file) throw new Error(`There is no file "${pathOf(call)}"`)
  return file as File
}

/** `storage`, "Filesystem": files by path, in the namespace that the workspace integration sets. */
export const storage: Builtins = {
  read_file(call) {
    const path = pathOf(call)
    const { base64, size, contentType } = fileAt(call)
    const encoding = (call.input.outputEncoding as string | undefined) ?? 'utf8'
    const content =
      encoding === 'base64'
        ? base64
        : convert(`"${path}" is no text: read it with outputEncoding base64`, () =>
            fromUtf8(fromBase64(base64)),
          )
    return { path, content, encoding, size, contentType }
  },

  write_file(call) {
    const path = pathOf(call)
    const { input, namespace, now } = call
    const content = text(input, 'content')
    const isText = input.contentEncoding !== 'base64'
    const bytes = isText ? toUtf8(content) : convert('content is no base64', () => fromBase64(content))
    const contentType = (input.contentType as string | undefined) ?? (isText ? plainText : anyBytes)
    const file = fileOf(bytes, contentType, now)
    namespace.set(path, file)
    return { path, size: file.size, contentType }
  },

  delete_file(call) {
    const path = pathOf(call)
    return { path, deleted: call.namespace.delete(path) }
  },

  list_files({ input, namespace }) {
    const prefix = (input.prefix as string | undefined) ?? ''
    const files = Array.from(namespace as Iterable<[string, File]>)
      .filter(([path]) => path.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, { size, updatedAt }]) => ({ path, size, updatedAt }))
    return { files }
  },

  /** A `data:` URL: it really downloads, offline too. Unlike a hosted one it cannot stop working at `expiresAt`. */
  get_download_url(call) {
    const { base64, contentType } = fileAt(call)
    const seconds = (call.input.expiresInSeconds as number | undefined) ?? 3600
    if (!Number.isInteger(seconds) || seconds < 60 || seconds > 3600) {
      throw new Error('expiresInSeconds must be an integer from 60 to 3600')
    }
    return {
      url: `data:${contentType};base64,${base64}`,
      expiresAt: timestamp(call.now + seconds * 1000),
    }
  },
}
