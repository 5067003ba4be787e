import * as z from 'zod/mini'
import type { Engine } from '../../engine/engine.js'
import {
  explain,
  render,
  renderFormats,
  type Explanation,
  type ExplainOptions,
  type ResolutionRequest,
} from '../../engine/resolver/index.js'
import { readJson } from '../body.js'
import { parseBody } from '../parse.js'
import type { ControlCall } from './route.js'

/** A request to explain: `kind` is `execute` unless given. Without `workspaceId` it is told what that rules out. */
export type ExplainRequest = Omit<ResolutionRequest, 'kind' | 'workspaceId'> &
  Partial<Pick<ResolutionRequest, 'kind' | 'workspaceId'>>

export function explainRequest(
  { state }: Engine,
  request: ExplainRequest,
  options?: ExplainOptions,
): Explanation {
  if (typeof (Object(request) as Partial<ExplainRequest>).integrationName !== 'string') {
    throw new TypeError('weavz.explain takes { integrationName, workspaceId, … }')
  }
  return explain(state, { kind: 'execute', ...request, workspaceId: request.workspaceId ?? null }, options)
}

const text = z.optional(z.nullable(z.string()))

const Body = z.strictObject({
  kind: z.optional(z.enum(['execute', 'resolve', 'trigger', 'property'])),
  workspaceId: z._default(z.nullable(z.string()), null),
  integrationName: z.string(),
  actionName: text,
  connectionExternalId: text,
  workspaceIntegrationId: text,
  integrationAlias: text,
  endUserId: text,
  authMethodKey: text,
  /** Default `json`. */
  format: z.optional(z.enum(renderFormats)),
  audience: z.optional(z.enum(['developer', 'workspace', 'end-user'])),
})

/** `POST /_weavz/explain`: an explanation, in JSON or rendered as text. */
export async function explainOverHttp({ weavz, request }: ControlCall) {
  const body = parseBody(Body, await readJson(request), true) as z.infer<typeof Body>
  const { format = 'json', audience, ...asked } = body
  const explanation = weavz.explain(asked, { audience })
  if (format === 'json') return { explanation }
  return new Response(render(explanation, format), {
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
}
