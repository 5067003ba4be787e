import { endpoints } from '../contract/index.js'
import { Refusal } from '../engine/refusal.js'
import { editDistance } from '../engine/resolver/distance.js'

/** Comparing costs the square of the length, and nobody mistypes a path that long. */
const longestPath = 300

interface Route {
  readonly method: string
  readonly path: string
}

/** 404 for a method and a path that no route has; the message names the one that was probably meant. */
export function unknownRoute(
  method: string,
  pathname: string,
  routes: readonly Route[] = endpoints,
): Refusal {
  const nearest = pathname.length > longestPath ? undefined : nearestRoute(method, pathname, routes)
  const meant = nearest ? `; did you mean ${nearest.method} ${nearest.path}?` : ''
  return new Refusal('NOT_FOUND', `Route not found${meant}`)
}

function nearestRoute(method: string, pathname: string, routes: readonly Route[]): Route | undefined {
  const given = segmentsOf(pathname)
  let nearest: { route: Route; rank: number } | undefined
  for (const route of routes) {
    const wanted = segmentsOf(route.path)
    const difference = pathDifference(given, wanted)
    // A path that shares less than half of its words is another path
    if (difference > wanted.filter((segment) => !isParameter(segment)).length / 2) continue
    // The method only decides among paths: who sends PUT to a list means one of its own methods
    const rank = difference + (route.method === method ? 0 : 0.5)
    if (!nearest || rank < nearest.rank) nearest = { route, rank }
  }
  return nearest?.route
}

/** Without `/api/v1`, which is left out as easily as it is written twice, in the base URL and in the path. */
function segmentsOf(path: string): string[] {
  const segments = path
    .toLowerCase()
    .replace(/^\/+|\/+$/g, '')
    .split('/')
  return segments.filter((segment) => segment !== 'api' && !/^v\d+$/.test(segment))
}

const isParameter = (segment: string) => segment.startsWith('{')

/** Levenshtein distance over segments: 1 for one too many or too few, up to 2 for one that reads differently. */
function pathDifference(given: readonly string[], wanted: readonly string[]): number {
  let row = Array.from({ length: wanted.length + 1 }, (_, at) => at)
  given.forEach((segment, index) => {
    const next = [index + 1]
    wanted.forEach((other, at) => {
      const replaced = (row[at] ?? 0) + segmentDifference(segment, other)
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1))
    })
    row = next
  })
  return row[wanted.length] ?? given.length
}

function segmentDifference(given: string, wanted: string): number {
  if (isParameter(wanted)) return 0
  return (2 * editDistance(given, wanted)) / Math.max(given.length, wanted.length)
}
