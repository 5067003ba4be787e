export { WeavzClient, type WeavzClientOptions } from './client.js'
export { parseApprovalEvent, parseTriggerEvent, type Received } from './webhooks.js'

export type {
  APIPromise,
  ApiKey,
  ClientErrorCode,
  Fetch,
  HeaderOptions,
  Hooks,
  InvalidResponseEvent,
  ListPromise,
  RawRequest,
  RequestEvent,
  RequestOptions,
  ResponseEvent,
  RetryEvent,
  ValidationMode,
  WeavzErrorCode,
  WithResponse,
} from './transport/index.js'
export {
  AuthenticationError,
  ConflictError,
  ConnectionRequiredError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ServerError,
  ValidationError,
  WeavzAbortError,
  WeavzApiError,
  WeavzConnectError,
  WeavzError,
  WeavzNetworkError,
  WeavzResponseError,
  WeavzTimeoutError,
  isWeavzError,
} from './transport/index.js'

export type {
  Actions,
  ApiKeys,
  ApprovalPolicies,
  Approvals,
  Connect,
  Connections,
  EndUsers,
  ExecuteParams,
  Integrations,
  McpServers,
  McpTools,
  Partials,
  Triggers,
  WaitOptions,
  WorkspaceIntegrations,
  Workspaces,
} from './resources/index.js'

export type { ApiKeyInfo, ApiKeyPermissions, CreateApiKey } from './contract/api-keys.js'
export type {
  ApprovalAccessMode,
  ApprovalContext,
  ApprovalDecision,
  ApprovalPolicy,
  ApprovalRules,
  ApprovalSource,
  ApprovalVerdict,
  Approver,
  CreateApprovalPolicy,
  ListApprovalPolicies,
  TestApprovalPolicy,
  TimeoutDefault,
  UpdateApprovalPolicy,
} from './contract/approval-policies.js'
export type {
  Approval,
  ApprovalDelivery,
  ApprovalEvent,
  ApprovalEventType,
  ApprovalReceipt,
  ApprovalStatus,
  DecideApproval,
  ListApprovals,
} from './contract/approvals.js'
export type { ActionSucceeded, ApprovalRequired } from './contract/actions.js'
export type {
  ConnectPoll,
  ConnectSession,
  ConnectStatus,
  ConnectToken,
  CreateConnectToken,
} from './contract/connect.js'
export type {
  Connection,
  ConnectionScope,
  ConnectionStatus,
  ConnectionType,
  CreateConnection,
  ListConnections,
  ResolveConnection,
} from './contract/connections.js'
export type {
  CreateEndUser,
  CreatePortalToken,
  EndUser,
  EndUserType,
  Invitation,
  InviteEndUser,
  ListEndUsers,
  PortalToken,
  UpdateEndUser,
} from './contract/end-users.js'
export type {
  ErrorCode,
  KnownErrorCode,
  ResolutionDetails,
  ResolutionReason,
  ValidationIssue,
} from './contract/errors.js'
export type {
  AuthOption,
  Integration,
  IntegrationCategory,
  IntegrationOperation,
  IntegrationProp,
  IntegrationSummary,
  PropType,
  PropertyOptions,
  ResolveOptions,
  ResolveProperty,
} from './contract/integrations.js'
export type {
  CreateMcpServer,
  CreateMcpToken,
  EndUserAccess,
  ExecuteMcpCode,
  ListMcpServers,
  McpAccessToken,
  McpAuthMode,
  McpCodeResult,
  McpMode,
  McpOAuthToken,
  McpScope,
  McpServer,
  McpServerSettings,
  UpdateMcpServer,
} from './contract/mcp-servers.js'
export type { CreateMcpTool, McpTool, UpdateMcpTool } from './contract/mcp-tools.js'
export type { CreatePartial, InputPartial, ListPartials, UpdatePartial } from './contract/partials.js'
export type { Deleted, Open } from './contract/schema.js'
export type {
  DeliveryStatus,
  EnableTrigger,
  ListTriggers,
  TriggerDelivery,
  TriggerEvent,
  TriggerSource,
  TriggerType,
} from './contract/triggers.js'
export type {
  ConnectionStrategy,
  CreateWorkspaceIntegration,
  ListedWorkspaceIntegration,
  OAuthAppMode,
  PersistenceScope,
  UpdateWorkspaceIntegration,
  WorkspaceIntegration,
  WorkspaceIntegrationSettings,
} from './contract/workspace-integrations.js'
export type { CreateWorkspace, ListWorkspaces, UpdateWorkspace, Workspace } from './contract/workspaces.js'
