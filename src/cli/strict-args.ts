import type { ArgsDef } from 'citty'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { CliFailure } from './failure.js'

/** citty ignores what it does not know, and a misspelt `--api-kye` must not start a server with another key. */
export function refuseUnknownArgs(rawArgs: readonly string[], definitions: ArgsDef): void {
  const options: NonNullable<ParseArgsConfig['options']> = {}
  for (const [name, { type, default: preset }] of Object.entries(definitions)) {
    options[name] = { type: type === 'boolean' ? 'boolean' : 'string' }
    if (preset === true) options[`no-${name}`] = { type: 'boolean' }
  }
  try {
    parseArgs({ args: [...rawArgs], options, strict: true, allowPositionals: false })
  } catch (error) {
    // Node explains at length how to pass such an argument as a positional one, which no command takes.
    const [what] = (error as Error).message.split(/\. |\n/)
    throw new CliFailure(`${what?.replace(/\.$/, '')}.`, 2, error)
  }
}
