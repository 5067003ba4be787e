import { Refusal, notFound } from '../../engine/refusal.js'
import { readJson } from '../body.js'
import { FaultError, parseFault } from '../kit/faults.js'
import type { ControlCall } from './route.js'

/** `GET /_weavz/faults` */
export function listFaults({ weavz }: ControlCall) {
  return { faults: weavz.faults.list() }
}

/** `POST /_weavz/faults`: what `weavz.faults.add` takes, but for `match.when`, which no JSON can say. */
export async function addFault({ weavz, request }: ControlCall) {
  const json = await readJson(request)
  try {
    weavz.faults.add(parseFault(json, 'body'))
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    throw new Refusal('VALIDATION_ERROR', error.message, { issues: error.issues })
  }
  return { fault: weavz.faults.list().at(-1) }
}

/** `DELETE /_weavz/faults/{id}` */
export function removeFault({ weavz, id }: ControlCall): void {
  if (!/^\d+$/.test(id) || !weavz.faults.remove(Number(id))) throw notFound('Fault')
}
