/** What an app ships to browsers: the connect helper, and in tools of its own the client. */
import { WeavzClient, isWeavzError } from '@weavz/sdk'
import { waitForConnect } from '@weavz/sdk/browser'

const session = { status: 'COMPLETED', connectionId: 'c1', integrationName: 'slack', externalId: 'ava' }

async function run() {
  const done = []
  try {
    new WeavzClient({ apiKey: 'wvz_in_a_page' })
  } catch (error) {
    if (isWeavzError(error, 'INVALID_ARGUMENT')) done.push('a key is refused')
  }

  const fetch = async () => Response.json({ workspaces: [], total: 0 })
  const client = new WeavzClient({ apiKey: 'wvz_in_a_page', dangerouslyAllowBrowser: true, fetch })
  const { total } = await client.workspaces.list()
  if (total === 0) done.push('a call is answered')

  const { externalId } = await waitForConnect('cst_session', { poll: async () => session })
  if (externalId === 'ava') done.push('a session is followed')
  return done
}

globalThis.result = run()
