import { QuotaLimits, type Quotas } from '../../engine/quotas.js'
import { readJson } from '../body.js'
import { parseBody } from '../parse.js'
import type { ControlCall } from './route.js'

/** `GET /_weavz/quotas` */
export function quotaUsage({ weavz }: Pick<ControlCall, 'weavz'>) {
  return weavz.quotas.usage()
}

/** `POST /_weavz/quotas`: limits from now on, null for none; what is not named keeps its own. */
export async function setQuotas({ weavz, request }: ControlCall) {
  weavz.quotas.set(parseBody(QuotaLimits, await readJson(request), true) as Quotas)
  return weavz.quotas.usage()
}
