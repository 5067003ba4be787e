import { describe, expect, it } from 'vitest'
import { createMockWeavz, SeedError, type Seed } from '../../../src/mock/index.js'

const pinned = '00000000-0000-4000-8000-000000000001'

/** What other entries can refer to. */
const world = {
  workspaces: { acme: { id: pinned } },
  oauthApps: { own: { integrationName: 'slack' } },
  endUsers: { ada: { workspace: 'acme', externalId: 'user_123' } },
  connections: { bot: { workspace: 'acme', integrationName: 'slack' } },
  workspaceIntegrations: {
    slack: { workspace: 'acme', integrationName: 'slack', connection: 'bot' },
  },
  partials: { loud: { workspaceIntegration: 'slack', values: { channel: 'C1' } } },
  mcpServers: { assistant: { workspace: 'acme' } },
} satisfies Seed

/** A section with one entry more, called `x`. */
const refused = (section: keyof Seed, entry: object) => {
  const entries = { ...(world as Record<string, object>)[section], x: entry }
  try {
    createMockWeavz({ seed: { ...world, [section]: entries } as Seed })
  } catch (error) {
    return error
  }
  return undefined
}

describe('a seed with a field that there is not', () => {
  it.each<[keyof Seed, object, string]>([
    ['endUsers', { workspaceId: 'acme' }, 'workspace: "acme"'],
    ['connections', { workspaceId: 'acme' }, 'workspace: "acme"'],
    ['connections', { workspaceId: pinned }, 'workspace: "acme"'],
    ['connections', { endUserId: 'ada' }, 'endUser: "ada"'],
    ['connections', { endUserId: 'user_123' }, 'endUser: "ada"'],
    ['connections', { oauthAppId: 'own' }, 'oauthApp: "own"'],
    ['workspaceIntegrations', { workspaceId: 'acme' }, 'workspace: "acme"'],
    ['workspaceIntegrations', { connectionId: 'bot' }, 'connection: "bot"'],
    ['partials', { workspaceIntegrationId: 'slack' }, 'workspaceIntegration: "slack"'],
    ['apiKeys', { workspaceIds: ['acme'] }, 'workspaces: ["acme"]'],
    ['apiKeys', { workspace: 'acme' }, 'workspaces: ["acme"]'],
    ['mcpServers', { workspaceId: 'acme' }, 'workspace: "acme"'],
    ['mcpServers', { user: 'ada' }, 'endUser: "ada"'],
    ['mcpTools', { mcpServerId: 'assistant' }, 'mcpServer: "assistant"'],
    ['mcpTools', { partialIds: ['loud', 'loud'] }, 'partials: ["loud","loud"]'],
    ['triggers', { workspaceIntegrationId: 'slack' }, 'workspaceIntegration: "slack"'],
    ['approvalPolicies', { mcpServerIds: ['assistant'] }, 'mcpServers: ["assistant"]'],
    ['approvalPolicies', { workspaceIntegrationIds: ['slack'] }, 'workspaceIntegrations: ["slack"]'],
    ['connectSessions', { workspaceId: 'acme' }, 'workspace: "acme"'],
    ['connectSessions', { endUserId: 'ada' }, 'endUser: "ada"'],
  ])('says how %s refer to others: %j', (section, entry, meant) => {
    const [field] = Object.keys(entry)
    const error = refused(section, entry)
    expect(error).toBeInstanceOf(SeedError)
    expect((error as SeedError).path).toBe(`seed.${section}.x.${field}`)
    expect((error as SeedError).message).toBe(
      `seed.${section}.x.${field}: Unknown field. Did you mean ${meant}?`,
    )
  })

  it.each<[keyof Seed, object, string]>([
    ['connections', { workspaceId: 'globex' }, '"workspace", the name of what is in workspaces of the seed?'],
    ['connections', { workspaceId: undefined }, '"workspace", the name of what is in workspaces'],
    ['apiKeys', { workspaceIds: ['acme', 'globex'] }, '"workspaces", names of what is in workspaces'],
    ['connections', { integration: 'slack' }, '"integrationName"?'],
    ['connections', { integrationId: 'slack' }, '"integrationName"?'],
    ['connections', { accesToken: 'x' }, '"accessToken"?'],
    ['triggers', { connection: 'bot' }, '"connectionExternalId"?'],
    ['triggers', { url: 'https://app.example.com' }, '"callbackUrl"?'],
    ['integrations', { trigers: {} }, '"triggers"?'],
  ])('says what was probably meant in %s: %j', (section, entry, meant) => {
    expect(String(refused(section, entry))).toContain(`Unknown field. Did you mean ${meant}`)
  })

  it.each<[keyof Seed, object, string]>([
    ['workspaces', { workspace: 'acme' }, 'There are id, name, slug'],
    ['oauthApps', { clientId: 'x' }, 'There are id, integrationName'],
    [
      'apiKeys',
      { permissions: { scope: 'org' } },
      'There are id, key, workspaces, decidesApprovals, name, expiresAt',
    ],
  ])('says which there are, where nothing comes near, in %s: %j', (section, entry, fields) => {
    expect(String(refused(section, entry))).toContain(`Unknown field. ${fields}`)
  })

  it.each([
    ['users', 'endUsers'],
    ['sessions', 'connectSessions'],
    ['integration', 'integrations'],
    ['conections', 'connections'],
  ])('says what the section %s is called', (section, name) => {
    expect(() => createMockWeavz({ seed: { [section]: {} } as Seed })).toThrow(
      `seed.${section}: Unknown field. Did you mean "${name}"?`,
    )
  })
})
