import type { ConnectEvent } from './types.js'

type Listener = (event: ConnectEvent) => void

export interface Emitter {
  /** Returns a function that stops the listener. */
  add(listener: Listener): () => void
  emit(event: ConnectEvent): void
  iterate(): AsyncGenerator<ConnectEvent, void, undefined>
}

/** Hands events to listeners and iterators; after `settled` it is empty and stays empty. */
export function createEmitter(): Emitter {
  const listeners = new Set<Listener>()
  let ended = false

  const add = (listener: Listener) => {
    if (!ended) listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  return {
    add,
    emit(event) {
      if (ended) return
      ended = event.type === 'settled'
      for (const listener of [...listeners]) {
        // An earlier listener may have removed this one, or have settled the attempt.
        if (!listeners.has(listener)) continue
        try {
          listener(event)
        } catch (error) {
          // A mistake in the app's listener is reported as uncaught, and disturbs neither us nor its neighbours.
          queueMicrotask(() => {
            throw error
          })
        }
      }
      if (ended) listeners.clear()
    },
    async *iterate() {
      const queue: ConnectEvent[] = []
      let wake: (() => void) | undefined
      const remove = add((event) => {
        queue.push(event)
        wake?.()
      })
      try {
        while (!ended || queue.length > 0) {
          const event = queue.shift()
          if (event) yield event
          else await new Promise<void>((resolve) => (wake = resolve))
        }
      } finally {
        remove()
      }
    },
  }
}
