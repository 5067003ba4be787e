import type { ResolutionReason, ResolutionRequest, Via, WorldDescription } from '@weavz/sdk/resolver'

/** The world in which every example of docs/resolution.md happens, before its own change. */
export const exampleWorld: Required<WorldDescription> = {
  integrations: [{ name: 'slack' }, { name: 'github' }, { name: 'datetime', auth: null }],
  workspaces: [{ id: 'acme' }, { id: 'globex' }],
  workspaceIntegrations: [
    { id: 'wi_1', workspaceId: 'acme', integrationName: 'slack', alias: 'slack_bot', connectionId: 'c_bot' },
  ],
  endUsers: [
    { id: 'eu_1', workspaceId: 'acme', externalId: 'ada' },
    { id: 'eu_2', workspaceId: 'acme', externalId: 'bob' },
  ],
  connections: [
    { id: 'c_bot', integrationName: 'slack', externalId: 'team_bot', workspaceId: 'acme' },
    { id: 'c_ada', integrationName: 'slack', externalId: 'ada_slack', workspaceId: 'acme', endUserId: 'ada' },
    { id: 'c_globex', integrationName: 'slack', externalId: 'globex_bot', workspaceId: 'globex' },
    { id: 'c_github', integrationName: 'github', externalId: 'team_github', workspaceId: 'acme' },
  ],
}

export interface Example {
  readonly shows: ResolutionReason | Via | 'not-needed'
  /** The rule, as a sentence. */
  readonly rule: string
  /** What is different in the world; in words for the reader, and as data. */
  readonly given?: readonly [string, Partial<WorldDescription>]
  readonly request?: Partial<ResolutionRequest>
}

type Target = NonNullable<WorldDescription['workspaceIntegrations']>[number]
const [bot] = exampleWorld.workspaceIntegrations as [Target]
const target = (words: string, more: Partial<Target>): [string, Partial<WorldDescription>] => [
  words,
  { workspaceIntegrations: [{ ...bot, ...more }] },
]
const inError = exampleWorld.connections.map((each) => ({ ...each, status: 'ERROR' as const }))
const second: Target = {
  ...bot,
  id: 'wi_2',
  alias: 'slack_user',
  connectionStrategy: 'per_user',
  connectionId: null,
}
const perUser = target('`slack_bot` is `per_user`', { connectionStrategy: 'per_user', connectionId: null })
const fallback = (words: string, connectionId: string | null) =>
  target(`\`slack_bot\` is \`per_user_with_fallback\`${words}`, {
    connectionStrategy: 'per_user_with_fallback',
    connectionId,
  })

/** One example for each way to a connection and for each reason, in the order of the documentation. */
export const examples: readonly Example[] = [
  {
    shows: 'explicit',
    rule: 'A named connection is used; the strategy and the pinned connection are bypassed.',
    request: { connectionExternalId: 'ada_slack' },
  },
  {
    shows: 'pinned',
    rule: '`fixed` takes the pinned connection, whoever calls.',
    request: { endUserId: 'ada' },
  },
  {
    shows: 'own',
    rule: 'The per-user strategies take the own connection of the end user.',
    given: perUser,
    request: { endUserId: 'ada' },
  },
  {
    shows: 'fallback',
    rule: '`per_user_with_fallback` takes the pinned connection for whoever has none of their own.',
    given: fallback('', 'c_bot'),
    request: { endUserId: 'bob' },
  },
  {
    shows: 'not-needed',
    rule: 'An integration that needs no account runs without a connection, configured or not.',
    request: { integrationName: 'datetime' },
  },
  {
    shows: 'NO_WORKSPACE_INTEGRATION',
    rule: 'The workspace has none of that integration, and an account is needed.',
    request: { integrationName: 'github' },
  },
  {
    shows: 'PINNED_CONNECTION_MISSING',
    rule: '`fixed` needs a pinned connection.',
    given: target('nothing is pinned', { connectionId: null }),
  },
  {
    shows: 'PINNED_CONNECTION_DELETED',
    rule: 'A deleted connection stays pinned until another one is. One out of sight of the workspace counts as deleted.',
    given: target('the pinned connection was deleted', { connectionId: 'c_gone' }),
  },
  { shows: 'END_USER_REQUIRED', rule: '`per_user` needs an end user.', given: perUser },
  {
    shows: 'END_USER_NOT_FOUND',
    rule: '`endUserId` is the external id; a UUID names nobody, and neither does somebody of another workspace.',
    given: perUser,
    request: { endUserId: 'eu_1' },
  },
  {
    shows: 'END_USER_NOT_CONNECTED',
    rule: '`per_user` never takes the account of somebody else.',
    given: perUser,
    request: { endUserId: 'bob' },
  },
  {
    shows: 'FALLBACK_MISSING',
    rule: 'A fallback that is needed must be pinned.',
    given: fallback(' and nothing is pinned', null),
    request: { endUserId: 'bob' },
  },
  {
    shows: 'FALLBACK_DELETED',
    rule: 'A deleted fallback is no fallback.',
    given: fallback(' and the pinned connection was deleted', 'c_gone'),
    request: { endUserId: 'bob' },
  },
  {
    shows: 'CONNECTION_IN_ERROR',
    rule: 'The selected connection must be `ACTIVE`. An own connection in `ERROR` does not fall back: its owner has connected.',
    given: [
      '`slack_bot` is `per_user_with_fallback` and every connection is in `ERROR`',
      { ...fallback('', 'c_bot')[1], connections: inError },
    ],
    request: { endUserId: 'ada' },
  },
  {
    shows: 'AUTH_METHOD_MISMATCH',
    rule: 'The connection must have the auth method that the workspace integration and the request ask for. A pinned or own connection of another method is not considered, so this goes before `CONNECTION_IN_ERROR`; a named one in `ERROR` says that first.',
    request: { authMethodKey: 'oauth2' },
  },
  {
    shows: 'EXPLICIT_NOT_FOUND',
    rule: 'A name that names nothing is refused; no strategy takes over.',
    request: { connectionExternalId: 'tema_bot' },
  },
  {
    shows: 'EXPLICIT_OTHER_INTEGRATION',
    rule: 'The name must be that of a connection of the integration.',
    request: { connectionExternalId: 'team_github' },
  },
  {
    shows: 'EXPLICIT_OUT_OF_WORKSPACE',
    rule: 'A connection of another workspace is out of reach.',
    request: { connectionExternalId: 'globex_bot' },
  },
  {
    shows: 'EXPLICIT_OTHER_END_USER',
    rule: 'A personal connection refuses an end user who is not its owner.',
    request: { connectionExternalId: 'ada_slack', endUserId: 'bob' },
  },
  {
    shows: 'AMBIGUOUS_INTEGRATION',
    rule: 'Several workspace integrations of that name need a selector, unless a connection is named.',
    given: ['`slack` is configured again, as `slack_user`', { workspaceIntegrations: [bot, second] }],
  },
  {
    shows: 'ALIAS_NOT_FOUND',
    rule: 'The alias must exist in the workspace.',
    request: { integrationAlias: 'slack_bto' },
  },
  {
    shows: 'WORKSPACE_INTEGRATION_NOT_FOUND',
    rule: 'The id must exist in the workspace. An alias beside it is not consulted.',
    request: { workspaceIntegrationId: 'slack_bot' },
  },
  {
    shows: 'SELECTOR_MISMATCH',
    rule: 'The selected workspace integration must be one of the integration.',
    request: { integrationName: 'github', integrationAlias: 'slack_bot' },
  },
  {
    shows: 'ACTION_NOT_ALLOWED',
    rule: '`enabledActions` holds on every rung, for named connections too.',
    given: target('only `list_channels` is enabled', { enabledActions: ['list_channels'] }),
    request: { connectionExternalId: 'ada_slack' },
  },
]
