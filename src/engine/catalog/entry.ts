import type { ConnectionType } from '../../contract/connections.js'
import type { IntegrationCategory } from '../../contract/integrations.js'
import type { TriggerType } from '../../contract/triggers.js'

/** The form of one input of an action in the catalog. No `type` and no `enum`: any JSON value. */
export interface InputEntry {
  readonly type?: 'string' | 'number' | 'boolean' | 'array' | 'object' | 'file'
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly items?: InputEntry
  readonly properties?: Readonly<Record<string, InputEntry>>
  readonly required?: boolean
  /** Names of the inputs whose change makes dynamic options or props stale. */
  readonly refreshers?: readonly string[]
}

/** An action or trigger in the catalog. */
export interface OperationEntry {
  readonly displayName?: string
  readonly description?: string
  readonly input: Readonly<Record<string, InputEntry>>
  /** Kinds of action that approval policies may ask for (`payment`), beside the category of the integration. */
  readonly categories?: readonly string[]
}

/** A trigger in the catalog. */
export interface TriggerEntry extends OperationEntry {
  /** How the events reach Weavz. Default `WEBHOOK`. */
  readonly triggerType?: TriggerType
  /** What `triggers.test` answers. Default null. */
  readonly sample?: unknown
}

/** One field of a CUSTOM_AUTH form. */
export interface AuthField {
  readonly displayName?: string
  /** Whether the form hides what is typed. Default true. */
  readonly secret?: boolean
}

/** One way to authenticate. */
export interface AuthEntry {
  readonly key: string
  readonly type: Exclude<ConnectionType, 'PLATFORM_OAUTH2'>
  readonly displayName?: string
  /** CUSTOM_AUTH: the `props` that the connect page asks for, by name. Without them it asks for the names, too. */
  readonly fields?: Readonly<Record<string, AuthField>>
}

/** One integration of the catalog. */
export interface CatalogEntry {
  readonly displayName: string
  readonly category: IntegrationCategory
  /** Null: needs no account. */
  readonly auth: readonly AuthEntry[] | null
  readonly actions: Readonly<Record<string, OperationEntry>>
  readonly triggers?: Readonly<Record<string, TriggerEntry>>
}
