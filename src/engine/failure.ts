import type { Engine } from './engine.js'

/** The message of whatever the adapter of a third party threw, without what was opened for it. */
export function failureText({ vault }: Engine, error: unknown): string {
  let text = ''
  try {
    const message: unknown = error instanceof Error ? error.message : error
    text = String(message)
  } catch {
    // Not everything that can be thrown can be turned into a text
  }
  return vault.redactor.text(text) || 'Failed without a message'
}
