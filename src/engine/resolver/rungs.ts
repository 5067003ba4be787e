/**
 * The documented ladder, as data: the order of the steps in every explanation, and the diagram in docs/resolution.md,
 * come from this table. `reads` are the fields of the request that a rung looks at.
 */
export const rungs = [
  {
    name: 'target',
    reads: [
      'workspaceId',
      'integrationName',
      'workspaceIntegrationId',
      'integrationAlias',
      'actionName',
      'connectionExternalId',
    ],
    title: 'Target',
    question: 'Which workspace integration does the request target, and does it enable the action?',
    yes: 'its settings, partials and approvals apply, on every rung',
    no: 'an unknown, mismatched or ambiguous target is refused',
  },
  {
    name: 'explicit',
    reads: ['connectionExternalId', 'endUserId', 'authMethodKey'],
    title: 'Explicit',
    question: 'Is connectionExternalId given?',
    yes: 'that connection or a refusal; nothing falls through',
    no: 'the workspace integration decides',
  },
  {
    name: 'workspace-integration',
    reads: ['authMethodKey'],
    title: 'Workspace integration',
    question: 'Is a workspace integration targeted?',
    yes: 'fixed takes the pinned connection; the per-user strategies ask for the end user',
    no: 'there is no strategy to follow',
  },
  {
    name: 'end-user',
    reads: ['endUserId', 'authMethodKey'],
    title: 'End-user context',
    question: 'Does endUserId name an end user with an own connection?',
    yes: 'that connection',
    no: 'per_user refuses; per_user_with_fallback takes the pinned connection',
  },
  {
    name: 'not-needed',
    reads: ['integrationName'],
    title: 'Not needed',
    question: 'Does the integration need no account?',
    yes: 'it runs, with whatever connection the rungs above gave',
    no: 'an account is needed',
  },
  {
    name: 'nothing',
    reads: [],
    title: 'Nothing',
    question: 'Is there still no connection?',
    yes: 'the call is refused',
    no: 'the call runs',
  },
] as const

export type RungName = (typeof rungs)[number]['name']

/**
 * `applied`: the rung decided or contributed; `skipped`: its question was answered with no, harmlessly; `failed`: it
 * refused; `not-reached`: an earlier rung had decided.
 */
export type StepStatus = 'applied' | 'skipped' | 'failed' | 'not-reached'
