import { invalid } from '../../engine/refusal.js'
import { readText } from '../body.js'
import type { ControlCall } from './route.js'

/** The largest snapshot that is read: 256 MiB. */
const maxSnapshotBytes = 256 * 1024 * 1024

/** `PUT /_weavz/snapshot` */
export async function restoreSnapshot({ weavz, request }: ControlCall): Promise<void> {
  try {
    weavz.restore(await readText(request, maxSnapshotBytes))
  } catch (error) {
    // Of restore, and of a text that is no UTF-8
    if (error instanceof TypeError) throw invalid('body', error.message)
    throw error
  }
}
