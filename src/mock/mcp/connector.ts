import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'
import * as z from 'zod/mini'
import { ExecuteAction } from '../../contract/actions.js'
import { IdReference, RequiredText } from '../../contract/schema.js'
import { checkAction, executeAction } from '../../engine/actions.js'
import { getIntegration } from '../../engine/auth-methods.js'
import { unknownOperation } from '../../engine/catalog/unknown.js'
import type { Engine } from '../../engine/engine.js'
import { inputSchema } from '../../engine/mcp/schema.js'
import { describeAction } from '../../engine/mcp/surface.js'
import { enabledActions } from '../../engine/mcp/sync.js'
import { resolveOptions } from '../../engine/properties.js'
import { Refusal, notFound } from '../../engine/refusal.js'
import type { ApiKeyRow, WorkspaceIntegrationRow } from '../../engine/rows.js'
import { key } from '../../engine/table.js'
import { listWorkspaceIntegrations } from '../../engine/workspace-integrations.js'
import { getWorkspace } from '../../engine/workspaces.js'
import { errorBody } from '../respond.js'
import { refuseForeignWorkspace } from '../scope.js'
import { read } from './read.js'
import { success, unknownTool, type ServerTools } from './results.js'

/** Who speaks to the generic connector: it belongs to no workspace, so that each call names one. */
export interface ConnectorCaller {
  readonly apiKey: ApiKeyRow
  /** Where this Weavz was reached, without a trailing slash. */
  readonly baseUrl: string
}

// Arguments are those of the REST API, so that there is one description of a call
const Call = z.omit(ExecuteAction, { idempotencyKey: true })
const Place = z.pick(ExecuteAction, {
  ...{ workspaceId: true, integrationName: true, actionName: true },
  ...{ workspaceIntegrationId: true, integrationAlias: true },
})
const App = z.strictObject({ workspaceId: IdReference, integrationName: z.optional(RequiredText) })
const Options = z.extend(Call, { propertyName: RequiredText, searchValue: z.optional(z.string()) })

const descriptions: Readonly<Record<string, string>> = {
  workspaceId: 'UUID of the workspace',
  integrationName: 'Name of the integration in the catalog: slack',
  actionName: 'Name of the action: send_channel_message',
  workspaceIntegrationId: 'UUID of the configured integration, where there are several of that name',
  integrationAlias: 'Alias of the configured integration, where there are several of that name',
  connectionExternalId: 'externalId of one connection to use instead of the one that would be chosen',
  endUserId: 'External id of the end user whom the call is for',
  authMethodKey: 'Use only connections of that auth method',
  partialIds: 'Ids or names of input partials. None given: the default ones apply',
  input: 'Input of the action',
  idempotencyKey: 'Ties the repeat of a call to its approval',
  propertyName: 'Name of the input whose options are asked for',
  searchValue: 'Narrows the options',
}

function schemaOf(schema: z.ZodMiniType): Tool['inputSchema'] {
  const { $schema: _dialect, ...converted } = z.toJSONSchema(schema, { io: 'input' })
  const properties = Object.entries(converted.properties ?? {}).map(([name, property]) => [
    name,
    { ...(typeof property === 'object' && property), description: descriptions[name] },
  ])
  return { ...converted, type: 'object', properties: Object.fromEntries(properties) } as Tool['inputSchema']
}

/** The configured integration that is named; null if none is. */
function targetOf({ state }: Engine, args: z.infer<typeof Place>): WorkspaceIntegrationRow | null {
  const { workspaceId, integrationName, workspaceIntegrationId, integrationAlias } = args
  if (workspaceIntegrationId === undefined && integrationAlias === undefined) return null
  const target =
    workspaceIntegrationId === undefined
      ? state.workspaceIntegrationByAlias(workspaceId, integrationAlias ?? '')
      : state.workspaceIntegration(workspaceId, workspaceIntegrationId)
  if (target?.integrationName !== integrationName) throw notFound('Workspace integration')
  return target
}

/** The tools of the generic connector: find an app, read about an action, check a call, make it. */
export function connectorTools(engine: Engine, { apiKey, baseUrl }: ConnectorCaller): ServerTools {
  /** Arguments that fit, of a call in a workspace that the key reaches. */
  function arrived<T extends { workspaceId: string }>(schema: z.core.$ZodType<T>, input: object): T {
    const args = read(schema, input)
    refuseForeignWorkspace(engine, apiKey, args.workspaceId)
    getWorkspace(engine, args.workspaceId)
    return args
  }

  function apps({ workspaceId, integrationName }: z.infer<typeof App>): CallToolResult {
    if (integrationName !== undefined) getIntegration(engine, integrationName)
    const configured = listWorkspaceIntegrations(engine, workspaceId)
    const asked = configured.filter((row) => row.integrationName === (integrationName ?? row.integrationName))
    const shown = asked.map((row) => {
      const { actions } = engine.catalog.describe(getIntegration(engine, row.integrationName))
      return {
        integrationName: row.integrationName,
        integrationAlias: row.alias,
        displayName: row.displayName ?? engine.catalog.get(row.integrationName)?.displayName,
        workspaceIntegrationId: row.id,
        connectionStrategy: row.connectionStrategy,
        actions: enabledActions(engine, row).map((actionName) => ({
          actionName,
          description: actions[actionName]?.description ?? actions[actionName]?.displayName,
        })),
      }
    })
    return success({ apps: shown })
  }

  function info(args: z.infer<typeof Place>): CallToolResult {
    const { workspaceId, integrationName, actionName } = args
    const integration = getIntegration(engine, integrationName)
    if (!Object.hasOwn(integration.actions, actionName)) {
      throw unknownOperation(integration, 'action', actionName)
    }
    const target = targetOf(engine, args)
    const { title, description, input } = describeAction(engine, workspaceId, {
      ...{ integrationName, actionName, integrationAlias: target?.alias ?? integrationName },
      sourceWorkspaceIntegrationId: target?.id ?? null,
    })
    return success({
      ...{ integrationName, actionName, displayName: title, description },
      inputSchema: inputSchema(input),
      needsAccount: integration.auth !== null,
    })
  }

  function validate(args: z.infer<typeof ExecuteAction>): CallToolResult {
    try {
      checkAction(engine, args)
      return success({ valid: true })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return success({ valid: false, ...errorBody(engine, error).body })
    }
  }

  async function execute(args: z.infer<typeof ExecuteAction>): Promise<CallToolResult> {
    const { workspaceId, integrationName, actionName, endUserId = null } = args
    // A client that was told to wait for an approval just calls again
    const again = key('connector', apiKey.id, workspaceId, integrationName, actionName, endUserId)
    const result = await executeAction(
      engine,
      { ...args, idempotencyKey: args.idempotencyKey ?? again },
      { source: 'mcp_tools', requestedBy: { type: 'api_key', id: apiKey.id }, baseUrl },
    )
    return success(result.success ? result.output : result)
  }

  const tools = {
    weavz_app: {
      title: 'Apps',
      description: 'The apps that a workspace has configured, and their actions.',
      inputSchema: schemaOf(App),
      call: (input: object) => apps(arrived(App, input)),
    },
    weavz_action_info: {
      title: 'Action info',
      description: 'What an action does, and the schema of its input.',
      inputSchema: schemaOf(Place),
      call: (input: object) => info(arrived(Place, input)),
    },
    weavz_validate_action: {
      title: 'Validate action',
      description: 'Whether a call could be made as it is: input, account, permission. Nothing is executed.',
      inputSchema: schemaOf(Call),
      call: (input: object) => validate(arrived(Call, input)),
    },
    weavz_action_options: {
      title: 'Action options',
      description: 'The options of a dropdown among the inputs of an action.',
      inputSchema: schemaOf(Options),
      async call(input: object) {
        const { integrationName, ...body } = arrived(Options, input)
        return success(await resolveOptions(engine, integrationName, body))
      },
    },
    weavz_call_action: {
      title: 'Call action',
      description: 'Executes an action.',
      inputSchema: schemaOf(ExecuteAction),
      call: (input: object) => execute(arrived(ExecuteAction, input)),
    },
  }

  return {
    list: () => Object.entries(tools).map(([name, { call: _call, ...tool }]) => ({ name, ...tool })),
    async call(name, input) {
      if (!Object.hasOwn(tools, name)) throw unknownTool(name)
      return tools[name as keyof typeof tools].call(input)
    },
  }
}
