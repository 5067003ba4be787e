import type {
  AuthOption,
  Integration,
  IntegrationOperation,
  IntegrationProp,
  IntegrationSummary,
  PropType,
} from '../../contract/integrations.js'
import type { CatalogIntegration } from './catalog.js'
import type { InputEntry, OperationEntry } from './entry.js'

/** `send_channel_message` → `Send channel message`. */
export function title(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const propTypeOf: Record<NonNullable<InputEntry['type']>, PropType> = {
  string: 'SHORT_TEXT',
  number: 'NUMBER',
  boolean: 'CHECKBOX',
  array: 'ARRAY',
  object: 'OBJECT',
  file: 'FILE',
}

function describeProp(name: string, input: InputEntry): IntegrationProp {
  const values = input.enum ?? (input.const === undefined ? undefined : [input.const])
  return {
    type: values ? 'DROPDOWN' : input.type ? propTypeOf[input.type] : 'JSON',
    displayName: title(name),
    required: input.required ?? false,
    ...(input.refreshers && { refreshers: [...input.refreshers] }),
    ...(values && { options: { options: values.map((value) => ({ label: String(value), value })) } }),
  }
}

function describeOperations(operations: Readonly<Record<string, OperationEntry>> = {}) {
  const described: Record<string, IntegrationOperation> = {}
  for (const [name, operation] of Object.entries(operations)) {
    const displayName = operation.displayName ?? title(name)
    const props = Object.entries(operation.input).map(([prop, input]) => [prop, describeProp(prop, input)])
    described[name] = {
      name,
      displayName,
      description: operation.description ?? displayName,
      props: Object.fromEntries(props),
    }
  }
  return described
}

const optionName = {
  SECRET_TEXT: 'API key',
  BASIC_AUTH: 'User name and password',
  CUSTOM_AUTH: 'Credentials',
  OAUTH2: 'OAuth 2',
} as const

function describeOptions(integration: CatalogIntegration): AuthOption[] {
  return (integration.auth ?? []).map(({ key, type, displayName }) => ({
    key,
    type,
    displayName: displayName ?? optionName[type],
  }))
}

const hue = (name: string) => [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7)

/** A square with the initial: the catalog ships no third-party artwork. */
function logo({ name, displayName }: CatalogIntegration): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="hsl(${hue(name)} 45% 42%)"/><text x="16" y="22" font-family="sans-serif" font-size="18" fill="#fff" text-anchor="middle">${displayName.charAt(0)}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

function shared(integration: CatalogIntegration) {
  const actions = Object.keys(integration.actions).length
  return {
    name: integration.name,
    displayName: integration.displayName,
    description: `${integration.displayName}: ${actions} ${actions === 1 ? 'action' : 'actions'}`,
    logoUrl: logo(integration),
    categories: [integration.category],
  }
}

export function describeIntegration(integration: CatalogIntegration): Integration {
  const types = new Set((integration.auth ?? []).map((option) => option.type))
  return {
    ...shared(integration),
    auth: integration.auth && { type: [...types] },
    authOptions: describeOptions(integration),
    actions: describeOperations(integration.actions),
    triggers: describeOperations(integration.triggers),
  }
}

export function summarize(integration: CatalogIntegration): IntegrationSummary {
  return {
    ...shared(integration),
    auth: integration.auth?.[0] ? { type: integration.auth[0].type } : null,
    authOptions: describeOptions(integration).map(({ key, type, displayName }) => ({
      key,
      type,
      displayName,
    })),
    actionCount: Object.keys(integration.actions).length,
    triggerCount: Object.keys(integration.triggers ?? {}).length,
  }
}
