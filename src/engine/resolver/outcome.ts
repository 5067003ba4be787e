import type { Outcome } from './explanation.js'
import type { Resolution } from './request.js'
import type { View } from './view.js'

/** An answer of the resolver as its audience may see it. */
export function outcomeOf(answer: Resolution, view: View): Outcome {
  if (answer.outcome === 'denied') {
    const { outcome, code, status, reason, message } = answer
    return { outcome, code, status, reason, message }
  }
  const workspaceIntegrationId = answer.workspaceIntegration?.id ?? null
  if (answer.outcome === 'resolved') {
    const { outcome, connection, via } = answer
    return { outcome, connectionId: view.connectionId(connection), via, workspaceIntegrationId }
  }
  const { outcome, connection, via } = answer
  return { outcome, connectionId: connection && view.connectionId(connection), via, workspaceIntegrationId }
}
