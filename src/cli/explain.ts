import { defineCommand } from 'citty'
import { readFile } from 'node:fs/promises'
import {
  WorldDescriptionError,
  describeWorld,
  explain as explainIn,
  render,
  renderFormats,
  type RenderFormat,
  type ResolutionRequest,
  type World,
} from '../engine/resolver/index.js'
import { CliFailure } from './failure.js'
import { refuseUnknownArgs } from './strict-args.js'

const args = {
  world: { type: 'string', description: 'JSON file that describes a world (docs/resolution.md)' },
  url: { type: 'string', description: 'A running mock, instead of --world: http://127.0.0.1:4010' },
  'control-token': { type: 'string', description: 'The control token of that mock, if it has one' },
  workspace: { type: 'string', description: 'Workspace UUID' },
  integration: { type: 'string', description: 'Integration name: slack' },
  action: { type: 'string', description: 'Action name' },
  'end-user': { type: 'string', description: "The end user's external id" },
  connection: { type: 'string', description: 'connectionExternalId' },
  alias: { type: 'string', description: 'integrationAlias' },
  'workspace-integration': { type: 'string', description: 'workspaceIntegrationId' },
  'auth-method': { type: 'string', description: 'authMethodKey' },
  kind: { type: 'string', default: 'execute', description: 'execute, resolve, trigger or property' },
  format: { type: 'string', default: 'text', description: renderFormats.join(', ') },
} as const

/** The exit code for a call that would be refused: 1 and 2 are for this program's own troubles. */
const refusedExitCode = 3

/** `weavz explain`: which connection a call would use, and why. Exits with 3 where it would be refused. */
export const explain = defineCommand({
  meta: {
    name: 'weavz explain',
    description: 'Tell which connection a call would use, and why',
  },
  args,
  async run({ rawArgs, args: given }) {
    refuseUnknownArgs(rawArgs, args)
    if ((given.world === undefined) === (given.url === undefined)) {
      throw new CliFailure('Give either --world FILE or --url of a running mock.', 2)
    }
    const format = oneOf('--format', given.format, renderFormats)
    const request: ResolutionRequest = {
      kind: oneOf('--kind', given.kind, ['execute', 'resolve', 'trigger', 'property']),
      integrationName: required('--integration', given.integration),
      workspaceId: given.workspace ?? null,
      actionName: given.action,
      endUserId: given['end-user'],
      connectionExternalId: given.connection,
      integrationAlias: given.alias,
      workspaceIntegrationId: given['workspace-integration'],
      authMethodKey: given['auth-method'],
    }
    const { text, denied } =
      given.world === undefined
        ? await askMock(given.url as string, request, format, given['control-token'])
        : explainWorld(await worldOf(given.world), request, format)
    console.log(text)
    return denied ? refusedExitCode : 0
  },
})

interface Explained {
  readonly text: string
  readonly denied: boolean
}

function explainWorld(world: World, request: ResolutionRequest, format: RenderFormat): Explained {
  const explanation = explainIn(world, request)
  return { text: render(explanation, format), denied: explanation.outcome.outcome === 'denied' }
}

async function worldOf(file: string): Promise<World> {
  let description: unknown
  try {
    description = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new CliFailure(`--world ${file}: ${(error as Error).message}.`, 2, error)
  }
  try {
    return describeWorld(description as Parameters<typeof describeWorld>[0])
  } catch (error) {
    if (!(error instanceof WorldDescriptionError)) throw error
    throw new CliFailure(`--world ${file}: ${error.message}`, 2, error)
  }
}

/** Asks a running mock; the explanation is rendered there. */
async function askMock(
  url: string,
  request: ResolutionRequest,
  format: RenderFormat,
  controlToken = process.env.WEAVZ_CONTROL_TOKEN,
): Promise<Explained> {
  if (!URL.canParse(url)) throw new CliFailure(`--url must be a URL, not "${url}".`, 2)
  const ask = async (wanted: RenderFormat) => {
    const response = await fetch(new URL('/_weavz/explain', url), {
      method: 'POST',
      headers: controlToken ? { authorization: `Bearer ${controlToken}` } : {},
      body: JSON.stringify({ ...request, format: wanted }),
    })
    if (!response.ok)
      throw new CliFailure(`The mock at ${url} answered ${response.status}: ${await response.text()}`, 1)
    return response.text()
  }
  try {
    const json = JSON.parse(await ask('json')) as { explanation: { outcome: { outcome: string } } }
    const text = format === 'json' ? JSON.stringify(json.explanation, null, 2) : await ask(format)
    return { text, denied: json.explanation.outcome.outcome === 'denied' }
  } catch (error) {
    if (error instanceof CliFailure) throw error
    throw new CliFailure(`No mock answers at ${url}: start one with "weavz mock".`, 1, error)
  }
}

function required(name: string, value: string | undefined): string {
  if (value) return value
  throw new CliFailure(`${name} is required.`, 2)
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((item) => item === value)
  if (found !== undefined) return found
  throw new CliFailure(`${name} must be one of ${allowed.join(', ')}, not "${value}".`, 2)
}
