import type * as z from 'zod/mini'
import {
  PropertyOptions,
  PropertyProps,
  type ResolveOptions,
  type ResolveProperty,
} from '../contract/integrations.js'
import { parse } from '../contract/issues.js'
import type { ActionCall } from './action-registry.js'
import { callContext, targetOf } from './call-context.js'
import { failureText } from './failure.js'
import { copyJson, toJson } from './json.js'
import { mergeInput } from './merge.js'
import { getIntegration } from './auth-methods.js'
import type { CatalogIntegration } from './catalog/catalog.js'
import { unknownOperation } from './catalog/unknown.js'
import type { Engine } from './engine.js'
import { withFreshTokens } from './oauth/use.js'
import { Refusal, notFound } from './refusal.js'
import { resolveOrRefuse } from './refuse.js'
import { resolutionRequest } from './resolver/request.js'

/** What a dynamic source of options or props gets. */
export interface PropertyCall extends Omit<ActionCall, 'actionName' | 'workspaceId' | 'files'> {
  /** The action or trigger that the property belongs to. */
  readonly operationName: string
  readonly propertyName: string
  readonly workspaceId: string | null
  /** What the user typed to narrow the options. */
  readonly searchValue: string | null
}

type MaybePromise<T> = T | Promise<T>
export type OptionsSource = (call: PropertyCall) => MaybePromise<PropertyOptions['options']>
export type PropsSource = (call: PropertyCall) => MaybePromise<PropertyProps>

/** The dynamic sources that a test gave, by integration, operation and property. */
export interface PropertySources {
  readonly options: Map<string, OptionsSource>
  readonly props: Map<string, PropsSource>
}

/** The key of a source. */
export const sourceKey = (integrationName: string, operationName: string, propertyName: string) =>
  JSON.stringify([integrationName, operationName, propertyName])

/** The named action or trigger with the named prop, or the refusal that says which of them is unknown. */
function findProp(engine: Engine, integration: CatalogIntegration, body: ResolveProperty) {
  const { actions, triggers } = engine.catalog.describe(integration)
  const isAction = body.actionName !== undefined
  const name = (isAction ? body.actionName : body.triggerName) as string
  const operations = isAction ? actions : triggers
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
  if (!operation) throw unknownOperation(integration, isAction ? 'action' : 'trigger', name)
  const prop = Object.hasOwn(operation.props, body.propertyName)
    ? operation.props[body.propertyName]
    : undefined
  if (!prop) throw notFound(`Property "${body.propertyName}"`)
  return { name, prop }
}

/** Chooses the connection as execute does, asks the source, and holds what it gives against the contract. */
async function ask<Answer>(
  engine: Engine,
  integrationName: string,
  operationName: string,
  body: ResolveOptions,
  source: (call: PropertyCall) => unknown,
  schema: z.core.$ZodType<Answer>,
  failure: 'OPTIONS_FAILED' | 'RESOLVE_FAILED',
): Promise<Answer> {
  const workspaceId = body.workspaceId ?? null
  const request = resolutionRequest('property', { ...body, workspaceId, integrationName })
  const settle = () => {
    const answer = resolveOrRefuse(engine, request)
    const call = {
      workspaceId,
      integrationName,
      target: targetOf(engine, answer),
      actionName: body.actionName ?? null,
      triggerName: body.triggerName ?? null,
    }
    return { answer, input: mergeInput(engine, call, body.input ?? {}, body.partialIds).input }
  }
  const run = async ({ answer, input }: ReturnType<typeof settle>) => {
    const given = await source({
      integrationName,
      operationName,
      propertyName: body.propertyName,
      workspaceId,
      input: copyJson(input),
      searchValue: body.searchValue ?? null,
      ...(await callContext(engine, answer, workspaceId, body.endUserId)),
    })
    const parsed = parse(schema, toJson(given))
    if (parsed.ok) return parsed.value
    throw new Error(parsed.issues.map(({ path, message }) => `${path}: ${message}`).join('; '))
  }
  return withFreshTokens(engine, settle, run, (error) => new Refusal(failure, failureText(engine, error)))
}

export async function resolveOptions(
  engine: Engine,
  integrationName: string,
  body: ResolveOptions,
): Promise<PropertyOptions> {
  const integration = getIntegration(engine, integrationName)
  const { name, prop } = findProp(engine, integration, body)
  const source = engine.properties.options.get(sourceKey(integrationName, name, body.propertyName))
  if (!source) {
    const isDropdown = prop.type === 'DROPDOWN' || prop.type === 'MULTI_SELECT_DROPDOWN'
    throw isDropdown
      ? new Refusal('NO_OPTIONS_FN', `The options of "${body.propertyName}" are static`)
      : new Refusal('NOT_DROPDOWN', `"${body.propertyName}" is of type ${prop.type}, not a dropdown`)
  }
  const asked = async (call: PropertyCall) => ({ options: await source(call), disabled: false })
  return ask(engine, integrationName, name, body, asked, PropertyOptions, 'OPTIONS_FAILED')
}

export async function resolveProperty(
  engine: Engine,
  integrationName: string,
  body: ResolveProperty,
): Promise<PropertyProps> {
  const integration = getIntegration(engine, integrationName)
  const { name, prop } = findProp(engine, integration, body)
  const source = engine.properties.props.get(sourceKey(integrationName, name, body.propertyName))
  if (!source) {
    throw prop.type === 'DYNAMIC'
      ? new Refusal('NO_PROPS_FN', `"${body.propertyName}" has no dynamic source`)
      : new Refusal('NOT_DYNAMIC', `"${body.propertyName}" is of type ${prop.type}, not dynamic`)
  }
  return ask(engine, integrationName, name, body, source, PropertyProps, 'RESOLVE_FAILED')
}
