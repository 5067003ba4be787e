/**
 * The documented ladder, as data: the order of the steps in every explanation comes from this table, and so does the
 * diagram in docs/resolution.md. `reads` are the fields of the request that a rung looks at; `paths` are its answers,
 * each with the rung or the end that it leads to.
 */
export const rungs = [
  {
    name: 'target',
    title: 'Target',
    question: 'Which workspace integration does the request target, and does it enable the action?',
    reads: [
      'workspaceId',
      'integrationName',
      'workspaceIntegrationId',
      'integrationAlias',
      'actionName',
      'connectionExternalId',
    ],
    paths: [
      { when: 'one, or none and none is needed', to: 'explicit' },
      { when: 'unknown, mismatched or ambiguous, or the action is not enabled', to: 'refused' },
    ],
  },
  {
    name: 'explicit',
    title: 'Explicit',
    question: 'Is connectionExternalId given?',
    reads: ['connectionExternalId', 'endUserId', 'authMethodKey'],
    paths: [
      { when: 'yes, and it names a usable connection', to: 'found' },
      { when: 'yes, and it does not', to: 'refused' },
      { when: 'no', to: 'workspace-integration' },
    ],
  },
  {
    name: 'workspace-integration',
    title: 'Workspace integration',
    question: 'What is the strategy of the targeted workspace integration?',
    reads: ['authMethodKey'],
    paths: [
      { when: 'fixed, and the pinned connection is usable', to: 'found' },
      { when: 'per_user or per_user_with_fallback', to: 'end-user' },
      { when: 'fixed, and it is not; or none is targeted', to: 'not-needed' },
    ],
  },
  {
    name: 'end-user',
    title: 'End-user context',
    question: 'Does endUserId name an end user with an own connection?',
    reads: ['endUserId', 'authMethodKey'],
    paths: [
      { when: 'yes, and it is usable; or no, but the pinned fallback is', to: 'found' },
      { when: 'no, or it is not usable', to: 'not-needed' },
    ],
  },
  {
    name: 'not-needed',
    title: 'Not needed',
    question: 'Does the integration need no account?',
    reads: ['integrationName', 'kind'],
    paths: [
      { when: 'it needs none', to: 'runs' },
      { when: 'it needs none, but a connection was to be resolved', to: 'refused' },
      { when: 'it needs one', to: 'nothing' },
    ],
  },
  {
    name: 'nothing',
    title: 'Nothing',
    question: 'An account is needed and none can be used',
    reads: [],
    paths: [{ when: 'for the reason that was met first', to: 'refused' }],
  },
] as const

/** Where a path may end. */
export const ends = {
  found: 'Runs on that connection',
  runs: 'Runs without connection',
  refused: 'Refused, with a reason',
} as const

export type RungName = (typeof rungs)[number]['name']

/**
 * `applied`: the rung decided or contributed; `skipped`: its question was answered with no, harmlessly; `failed`: it
 * refused; `not-reached`: an earlier rung had decided.
 */
export type StepStatus = 'applied' | 'skipped' | 'failed' | 'not-reached'
