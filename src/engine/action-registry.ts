import type { Connection } from '../contract/connections.js'
import type { EndUser } from '../contract/end-users.js'
import type { JsonObject } from '../contract/schema.js'
import type { WorkspaceIntegration } from '../contract/workspace-integrations.js'
import type { MountedFiles } from './builtins/storage.js'
import type { OpenedCredentials } from './credentials.js'
import type { CodeHandler } from './mcp/code.js'

/** What the adapter of a third party gets when an action runs. */
export interface ActionCall {
  readonly integrationName: string
  readonly actionName: string
  readonly workspaceId: string
  /** The merged input, checked against the catalog. */
  readonly input: JsonObject
  /** The account that the action runs on; null where none is needed. */
  readonly connection: Connection | null
  /** The opened credentials of that connection. */
  readonly credentials: OpenedCredentials | null
  /** The end user that the call named, if the workspace has them. */
  readonly endUser: EndUser | null
  /** The workspace integration that the call targets. */
  readonly workspaceIntegration: WorkspaceIntegration | null
  /** What `advanced-code` has mounted (`settings.advancedCode.storageMountScope`); null where nothing is. */
  readonly files: MountedFiles | null
}

/** Plays the third party for one action: its result is the `output`, what it throws becomes 400 `ACTION_FAILED`. */
export type ActionHandler = (call: ActionCall) => unknown

/** The handlers that a test gave, by integration and action. */
export interface ActionRegistry {
  set(integrationName: string, actionName: string, handler: ActionHandler): void
  get(integrationName: string, actionName: string): ActionHandler | undefined
  /** Plays the sandbox of code mode. */
  code: CodeHandler | undefined
  /** An independent copy. */
  fork(): ActionRegistry
}

type Handlers = Map<string, Map<string, ActionHandler>>

export function createActionRegistry(handlers: Handlers = new Map(), code?: CodeHandler): ActionRegistry {
  const registry: ActionRegistry = {
    code,
    set(integrationName, actionName, handler) {
      const own = handlers.get(integrationName) ?? new Map<string, ActionHandler>()
      handlers.set(integrationName, own.set(actionName, handler))
    },
    get: (integrationName, actionName) => handlers.get(integrationName)?.get(actionName),
    fork: () =>
      createActionRegistry(
        new Map(Array.from(handlers, ([name, own]) => [name, new Map(own)])),
        registry.code,
      ),
  }
  return registry
}
