import { invalid } from '../../engine/refusal.js'
import { readText } from '../body.js'
import type { ControlCall } from './route.js'

/** The largest snapshot that is read: 256 MiB. */
const maxSnapshotBytes = 256 * 1024 * 1024

/** `PUT /_weavz/snapshot` */
export async function restoreSnapshot({ weavz, request }: ControlCall): Promise<void> {
  const text = await readText(request, maxSnapshotBytes)
  try {
    weavz.restore(text)
  } catch (error) {
    if (error instanceof TypeError) throw invalid('body', error.message)
    throw error
  }
}
