import { Refusal } from '../../engine/refusal.js'
import { readForm } from '../body.js'

/**
 * The fields of a form that one of our own pages posted; 403 for one of another site. Browsers always say where a form
 * comes from. What says nothing is no browser, and has no user whose browser could be abused.
 *
 * @param baseUrl Where users see the pages, if that is another origin than the one of the request.
 */
export async function ownForm(request: Request, baseUrl?: string): Promise<URLSearchParams> {
  const origin = request.headers.get('origin')
  const own = [request.url, baseUrl ?? request.url].map((url) => new URL(url).origin)
  if (origin !== null && !own.includes(origin)) {
    throw new Refusal('FORBIDDEN', 'This form was sent from another site.')
  }
  return readForm(request)
}
