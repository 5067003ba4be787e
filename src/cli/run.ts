import { defineCommand, renderUsage, runCommand } from 'citty'
import { stripVTControlCharacters } from 'node:util'
import { version } from '../../package.json'
import { CliFailure } from './failure.js'
import { mock } from './mock.js'

const commands = { mock }

const weavz = defineCommand({
  meta: { name: 'weavz', version, description: 'Tools for apps that use Weavz' },
  subCommands: commands,
})

/**
 * Runs the command that the arguments name.
 *
 * @returns The exit code: 0, or 1 where it could not work, or 2 for bad arguments.
 */
export async function run(rawArgs: readonly string[]): Promise<number> {
  try {
    await dispatch(rawArgs)
    return 0
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error
    console.error(error.message)
    return error.exitCode
  }
}

async function dispatch(rawArgs: readonly string[]): Promise<void> {
  const [name, ...args] = rawArgs
  const command = name !== undefined && isCommand(name) ? commands[name] : undefined
  if (rawArgs.some((arg) => arg === '--help' || arg === '-h')) {
    printUsage(await (command ? renderUsage(command) : renderUsage(weavz)))
  } else if (name === '--version' || name === '-v') {
    console.log(version)
  } else if (command) {
    await runCommand(command, { rawArgs: args })
  } else {
    const what = name === undefined ? 'No command was given' : `There is no command "${name}"`
    throw new CliFailure(`${what}: "weavz --help" lists what there is.`, 2)
  }
}

function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name)
}

function printUsage(usage: string): void {
  // citty colours it for pipes and files, too
  console.log((process.stdout.isTTY ? usage : stripVTControlCharacters(usage)).trimEnd())
}
