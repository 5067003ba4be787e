import type { EndpointId } from '../../../src/contract/index.js'
import type { WeavzClient } from '../../../src/index.js'
import { connection } from '../../transport/support.js'
import { workspace } from '../samples.js'

/** One call of the client, and what it must be on the wire. */
export interface Wire {
  call: (weavz: WeavzClient) => Promise<unknown>
  /** Method, path and query, exactly. */
  sends: string
  body?: unknown
  headers?: Record<string, string>
  /** Status and body of the answer, which is also the result. */
  answers: readonly [status: number, body: unknown]
}

export type Cases = { readonly [Id in EndpointId]?: Wire }

export const id = connection.id
export const workspaceId = workspace.id
