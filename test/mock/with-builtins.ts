import { beforeAll } from 'vitest'
import { inProcess, stoppedClock, type Api } from './door.js'
import { makeEndUser, makeWorkspace } from './world.js'

export const clock = stoppedClock(Date.parse('2025-01-15T10:30:00.000Z'))
export let api: Api
export let workspaceId: string
beforeAll(async () => {
  api = await inProcess({ clock })
  workspaceId = (await makeWorkspace(api)).id
  await makeEndUser(api, workspaceId)
})

export type Input = Record<string, unknown>
export const call = (integrationName: string, actionName: string, input: Input, fields: object = {}) => ({
  body: { integrationName, actionName, workspaceId, endUserId: 'user_123', input, ...fields },
})
export const run = async (integration: string, action: string, input: Input, fields?: object): Promise<any> =>
  (await api.ok('actions.execute', call(integration, action, input, fields))).output
export const fails = async (integration: string, action: string, input: Input) =>
  (await api.refused('actions.execute', 'ACTION_FAILED', call(integration, action, input))).error
