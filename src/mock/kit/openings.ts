import { OpeningLog, type Opening, type Openings } from '../../engine/vault/openings.js'

/** The openings of whichever world is current; who has subscribed stays subscribed when it changes. */
export interface FollowedOpenings extends Openings {
  follow(next: Openings): void
}

export function followOpenings(): FollowedOpenings {
  const listeners = new Set<(opening: Opening) => void>()
  let current: Openings = new OpeningLog()
  let unfollow = () => undefined as void
  return {
    get count() {
      return current.count
    },
    list: (after) => current.list(after),
    subscribe(listener) {
      const own = (opening: Opening) => listener(opening)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    follow(next) {
      unfollow()
      current = next
      unfollow = next.subscribe((opening) => {
        for (const listener of listeners) listener(opening)
      })
    },
  }
}
