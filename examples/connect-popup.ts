/**
 * Connecting an account in the browser, to click through: `npm run example:connect`, then open the printed address.
 *
 * Three parts, as in production: your page (examples/connect-popup/page.ts), your back end
 * (examples/connect-popup/backend.ts), and Weavz, which here is the offline one with its own Slack to sign in at. Against
 * the real Weavz only this file changes: a client with your API key, and no `offline`.
 */
import { startExample } from './connect-popup/start.js'

const { url } = await startExample({ port: Number(process.env['PORT'] ?? 3000) })
console.log(`Open ${url} and connect Slack or OpenAI. Ctrl-C ends it.`)
