import { inspect } from 'node:util'

/** Every notation of a secret that the sweep looks for, made by other means than the project's own redactor. */
export function formsOf(secret: string): Map<string, string> {
  const bytes = Buffer.from(secret)
  const json = JSON.stringify(secret).slice(1, -1)
  const forms = new Map([
    ['raw', secret],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ['percent', encodeURIComponent(secret)],
    ['form', new URLSearchParams({ x: secret }).toString().slice(2)],
    ['JSON', json],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['inspected', inspect(secret).slice(1, -1)],
    ['inspected template', inspect(`'${secret}"`).slice(2, -2)],
  ])
  // Within a longer text base64 depends on how many bytes come before, modulo three
  for (const shift of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url')
    const inner = shifted.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6))
    forms.set(`base64url, shifted by ${shift}`, inner)
    forms.set(`base64, shifted by ${shift}`, inner.replaceAll('-', '+').replaceAll('_', '/'))
  }
  return forms
}

/** Everything that a value shows, whichever way somebody prints it. */
export function shown(value: unknown): string {
  const texts = [
    inspect(value, { depth: Infinity, showHidden: true, maxStringLength: null, maxArrayLength: null }),
  ]
  try {
    texts.push(JSON.stringify(value) ?? '', String(value))
  } catch {
    // Cyclic: inspect has shown it
  }
  for (let error = value, depth = 0; error instanceof Error && depth < 10; error = error.cause, depth++) {
    texts.push(
      error.name,
      error.message,
      error.stack ?? '',
      JSON.stringify(error, Object.getOwnPropertyNames(error)),
    )
  }
  return texts.join('\n')
}

/** Collects what came out, place by place, and searches it for secrets. */
export class Sweep {
  readonly #places: { readonly place: string; readonly text: string }[] = []
  readonly #secrets = new Map<string, string>()

  /** A secret that must show nowhere. */
  secret(name: string, value: string): string {
    this.#secrets.set(name, value)
    return value
  }

  add(place: string, value: unknown): void {
    this.#places.push({ place, text: typeof value === 'string' ? value : shown(value) })
  }

  get size(): number {
    return this.#places.length
  }

  /** `client secret in HTTP answer, as base64`, never the secret itself. */
  hits(): string[] {
    const hits: string[] = []
    for (const [name, value] of this.#secrets) {
      for (const [notation, form] of formsOf(value)) {
        for (const { place, text } of this.#places) {
          if (text.includes(form)) hits.push(`${name} in ${place}, as ${notation}`)
        }
      }
    }
    return [...new Set(hits)]
  }
}
