import { connectionsPage } from './000.js'
import { workspaceIntegrationsPage } from './002.js'
import { actionsPage } from './003.js'

/** The pages of the documentation that have curl samples, each with the key that stands in them. */
export const pages = [
  { page: '000 Connections', apiKey: 'wvz_your_api_key', samples: connectionsPage },
  { page: '002 Workspace integrations', apiKey: 'wvz_your_api_key', samples: workspaceIntegrationsPage },
  { page: '003 Actions', apiKey: 'wvz_your_key', samples: actionsPage },
] as const
