import { readFile } from 'node:fs/promises'
import { milliseconds } from '../engine/duration.js'
import { CliFailure } from './failure.js'

export const mockArgs = {
  port: { type: 'string', default: '4010', description: 'Port; 0 takes a free one' },
  host: { type: 'string', default: '127.0.0.1', description: 'Address' },
  'api-key': { type: 'string', valueHint: 'key', description: 'API key to accept: wvz_…' },
  seed: { type: 'string', valueHint: 'file', description: 'World to begin with, in JSON' },
  data: { type: 'string', valueHint: 'file', description: 'Keep the state there, and go on from it' },
  'control-token': { type: 'string', valueHint: 'token', description: 'What control routes need' },
  latency: { type: 'string', valueHint: 'time', description: 'Delay answers: 50ms, 50-200ms' },
  log: { type: 'string', valueHint: 'form', description: 'Log requests on stderr: json, pretty' },
  json: { type: 'boolean', description: 'Print URL and key as JSON' },
  strict: {
    type: 'boolean',
    default: true,
    description: 'Refuse unknown fields in bodies',
    negativeDescription: 'Let unknown fields pass',
  },
} as const

export function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new CliFailure(`--port must be a whole number from 0 to 65535, not "${text}".`, 2)
}

/** Node takes an empty host for "every address", which nobody asks for by leaving a variable empty. */
export function hostOf(text: string): string {
  if (text !== '') return text
  throw new CliFailure(
    '--host must not be empty: 127.0.0.1 is for this machine, 0.0.0.0 for every address.',
    2,
  )
}

/** Ten minutes: beyond that nobody waits. */
const longestLatency = 600_000

/** The shortest and the longest delay, in milliseconds; undefined for none. */
export function latencyOf(text: string | undefined): readonly [from: number, to: number] | undefined {
  if (text === undefined) return undefined
  const range = /^(?:(\d{1,6})(ms|s)?-)?(\d{1,6})(ms|s)$/.exec(text)
  if (range) {
    const [, from, fromUnit, to = '', unit = ''] = range
    const longest = milliseconds(to + unit)
    // The unit may be written once: 50-200ms
    const shortest = from === undefined ? longest : milliseconds(from + (fromUnit ?? unit))
    if (shortest <= longest && longest <= longestLatency) return [shortest, longest]
  }
  throw new CliFailure(`--latency must be a time such as 50ms or 50-200ms, up to 600s, not "${text}".`, 2)
}

export type LogForm = 'json' | 'pretty'

export function logOf(text: string | undefined): LogForm | undefined {
  if (text === undefined || text === 'json' || text === 'pretty') return text
  throw new CliFailure(`--log must be json or pretty, not "${text}".`, 2)
}

/** What a seed file holds; the mock tells whether it is a seed. */
export async function seedOf(file: string | undefined): Promise<object | undefined> {
  if (file === undefined) return undefined
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new CliFailure(`--seed ${file}: ${(error as Error).message}.`, 2, error)
  }
  try {
    // An editor may have begun it with a byte order mark
    return JSON.parse(text.replace(/^\uFEFF/, '')) as object
  } catch (error) {
    // What V8 says quotes the text, and a seed may hold keys
    throw new CliFailure(`--seed ${file}: This is not JSON.`, 2, error)
  }
}
