/** The two calls that all clients make, and the answers that they get. */

export const ids = {
  workspace: '5f0c1c1e-0a57-4d3c-9a3e-2f4f6f1c0001',
  connection: '5f0c1c1e-0a57-4d3c-9a3e-2f4f6f1c0002',
}

/** Not one that any service accepts: it only has the form. */
export const apiKey = `wvz_${'0'.repeat(40)}`

export const input = { channel: '#alerts', text: 'The build of main is green again', thread: null }

const at = '2026-03-01T09:30:00.000Z'

/** The JSON of both answers: to every GET, and to every POST. */
export const answers = {
  GET: JSON.stringify({
    connection: {
      id: ids.connection,
      displayName: 'Slack of Acme',
      integrationName: 'slack',
      externalId: 'acme_slack',
      authMethodKey: 'api_key',
      type: 'SECRET_TEXT',
      status: 'ACTIVE',
      scope: 'WORKSPACE',
      workspaceId: ids.workspace,
      endUserId: null,
      createdAt: at,
      updatedAt: at,
    },
  }),
  POST: JSON.stringify({
    success: true,
    output: { ok: true, channel: 'C0123456789', ts: '1772357400.000100', message: { text: input.text } },
    duration: 12,
  }),
}

/** A `fetch` that answers from memory, and looks at nothing but the method. */
export function cannedFetch(request: string | URL | Request, init?: RequestInit): Promise<Response> {
  const method = request instanceof Request ? request.method : init?.method
  const text = method === 'POST' ? answers.POST : answers.GET
  const headers = { 'content-type': 'application/json', 'x-request-id': 'req_00000001' }
  return Promise.resolve(new Response(text, { headers }))
}
