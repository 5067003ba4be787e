import type { ChangeRecorder } from '../kit/changes.js'
import type { DataFile } from './data-file.js'

/** Brings what a recorder notes into a data file. Whatever is pending at one moment shares one write. */
export class Saver {
  #writing: Promise<void> | undefined
  #next: Promise<void> | undefined

  /** @param onResult Hears how each write went: undefined, or why it failed. */
  constructor(
    private readonly recorder: ChangeRecorder,
    private readonly file: DataFile,
    private readonly onResult: (error: unknown) => void,
  ) {}

  /** Resolves once all that has changed so far is on disk; rejects if it could not be written, and stays pending. */
  saved(): Promise<void> {
    return this.recorder.pending ? this.schedule() : (this.#writing ?? Promise.resolve())
  }

  /** Sees to it that what is pending will be written. */
  schedule(): Promise<void> {
    if (!this.#next) {
      this.#next = this.#after(this.#writing)
      // Whoever waits for it learns of a failure; where nobody does, the next one who saves tries again
      this.#next.catch(() => undefined)
    }
    return this.#next
  }

  async #after(before: Promise<void> | undefined): Promise<void> {
    await before?.catch(() => undefined)
    // What goes on without waiting for the outside belongs together: half of it must not be written
    await new Promise((resolve) => setImmediate(resolve))
    const own = this.#next
    this.#writing = own
    this.#next = undefined
    try {
      await this.#write()
    } finally {
      if (this.#writing === own) this.#writing = undefined
    }
  }

  async #write(): Promise<void> {
    const { recorder, file } = this
    if (!recorder.pending) return
    const unsaved = file.isLong || !file.exists ? recorder.takeAll() : recorder.take()
    try {
      if ('snapshot' in unsaved) await file.rewrite(unsaved.snapshot)
      else await file.append(JSON.stringify(unsaved.changes))
    } catch (error) {
      recorder.giveBack(unsaved)
      this.onResult(error)
      throw error
    }
    this.onResult(undefined)
  }
}
