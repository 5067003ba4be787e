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

const kinds = ['execute', 'resolve', 'trigger', 'property'] as const

/** citty writes defaults at such length that the line would not fit. */
const listOf = (values: readonly string[], usual: string) =>
  values.map((value) => (value === usual ? `${value} (usual)` : value)).join(', ')

const args = {
  world: { type: 'string', valueHint: 'file', description: 'World to ask, in JSON' },
  url: { type: 'string', valueHint: 'url', description: 'Running mock to ask instead' },
  'control-token': { type: 'string', valueHint: 'token', description: 'Control token of that mock' },
  workspace: { type: 'string', valueHint: 'id', description: 'Workspace UUID' },
  integration: { type: 'string', valueHint: 'name', description: 'Integration name: slack' },
  action: { type: 'string', valueHint: 'name', description: 'Action name' },
  'end-user': { type: 'string', valueHint: 'id', description: "The end user's external id" },
  connection: { type: 'string', valueHint: 'id', description: 'connectionExternalId' },
  alias: { type: 'string', valueHint: 'name', description: 'integrationAlias' },
  'workspace-integration': { type: 'string', valueHint: 'id', description: 'workspaceIntegrationId' },
  'auth-method': { type: 'string', valueHint: 'key', description: 'authMethodKey' },
  kind: { type: 'string', valueHint: 'kind', description: listOf(kinds, 'execute') },
  format: { type: 'string', valueHint: 'form', description: listOf(renderFormats, 'text') },
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
    const format = oneOf('--format', given.format ?? 'text', renderFormats)
    const request: ResolutionRequest = {
      kind: oneOf('--kind', given.kind ?? 'execute', kinds),
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
