/** `@weavz/sdk/mock`: an offline Weavz behind one `fetch`. */

export { createMockWeavz } from './mock.js'
export { SeedError } from './kit/seed-schema.js'
export type { BuiltInProvider, MockClock, MockWeavz } from './mock.js'
export type { MockWeavzOptions } from './options.js'
export type {
  Seed,
  SeedApiKey,
  SeedApprovalPolicy,
  SeedConnectSession,
  SeedConnection,
  SeededIds,
  SeedEndUser,
  SeedIntegration,
  SeedMcpServer,
  SeedMcpTool,
  SeedOAuthApp,
  SeedPartial,
  SeedTrigger,
  SeedWorkspace,
  SeedWorkspaceIntegration,
} from './kit/seed-schema.js'
export type {
  Fault,
  FaultCall,
  FaultEffect,
  Faults,
  FaultSpec,
  FaultTarget,
  JournalFault,
} from './kit/faults.js'
export type { ExchangeId } from './exchanges.js'
export type { QuietOptions } from './kit/quiet.js'
export type { Journal } from './kit/journal.js'
export type { JournalAttempt, JournalEntry, JournalExecution, JournalResolution } from './kit/exchange.js'
export type { EndpointId } from '../contract/index.js'
export type { Duration, Moment } from '../engine/duration.js'
export type { Events, TriggerName } from './events.js'
export type { CoopValue, PagesOptions } from './pages/index.js'
export type { ScriptedUser, UserCredentials } from './user.js'
export type { ActionCall, ActionHandler } from '../engine/action-registry.js'
export type { MountedFiles } from '../engine/builtins/storage.js'
export type { CatalogEntry, TriggerEntry } from '../engine/catalog/entry.js'
export type { DeliveryAttempt } from '../engine/deliveries.js'
export type { TriggerFiring } from '../engine/triggers/fire.js'
export type { CodeHandler, CodeRun, CodeTools } from '../engine/mcp/code.js'
export type { OptionsSource, PropertyCall, PropsSource } from '../engine/properties.js'
export type { QuotaDetails, QuotaName, Quotas, QuotaUsage } from '../engine/quotas.js'
export type { OpenedCredentials } from '../engine/credentials.js'
export type { Clock } from '../engine/clock.js'
export type { RandomSource } from '../engine/random.js'
export type { Opening, Openings, Purpose, Secret } from '../engine/vault/index.js'
export type { ExplainRequest } from './control/explain.js'
export type { Audit, AuditOptions, ExplainOptions, Explanation } from '../engine/resolver/index.js'
export type { ClientAuthentication, OAuthProvider } from '../engine/oauth/providers.js'
export type { Fetch } from '../engine/oauth/token-request.js'
