import { defineCommand, renderUsage, runCommand, type CommandDef } from 'citty'
import { stripVTControlCharacters } from 'node:util'
import { version } from '../../package.json'
import { CliFailure } from './failure.js'
import { explain } from './explain.js'
import { mock, mockNotes } from './mock.js'

// A command's own arguments are its own business; here each is just a command.
const commands = { explain, mock } as unknown as Record<'explain' | 'mock', CommandDef>

const weavz = defineCommand({
  meta: { name: 'weavz', version, description: 'Tools for apps that use Weavz' },
  subCommands: commands,
})

/**
 * Runs the command that the arguments name.
 *
 * @returns The exit code: 0, or 1 where it could not work, or 2 for bad arguments, or what the command says.
 */
export async function run(rawArgs: readonly string[]): Promise<number> {
  try {
    return await dispatch(rawArgs)
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error
    console.error(error.message)
    return error.exitCode
  }
}

async function dispatch(rawArgs: readonly string[]): Promise<number> {
  const [name, ...args] = rawArgs
  const command = name !== undefined && isCommand(name) ? commands[name] : undefined
  if (rawArgs.some((arg) => arg === '--help' || arg === '-h')) {
    printUsage(await renderUsage(command ?? weavz))
    if (command === commands.mock) console.log(`\n${mockNotes()}`)
    return 0
  }
  if (name === '--version' || name === '-v') {
    console.log(version)
    return 0
  }
  if (command) {
    const { result } = await runCommand(command, { rawArgs: args })
    return typeof result === 'number' ? result : 0
  }
  const what = name === undefined ? 'No command was given' : `There is no command "${name}"`
  throw new CliFailure(`${what}: "weavz --help" lists what there is.`, 2)
}

function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name)
}

function printUsage(usage: string): void {
  // citty colours it for pipes and files, too
  console.log((process.stdout.isTTY ? usage : stripVTControlCharacters(usage)).trimEnd())
}
