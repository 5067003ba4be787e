/** Hono on the server of its own project for Node, answering canned JSON. Prints its address. */
import { answers } from '../lib/exchange.js'
import { optional } from '../lib/peers.js'

const { Hono } = await optional('hono')
const { serve } = await optional('@hono/node-server')
const headers = { 'content-type': 'application/json' }
const app = new Hono()
app.get('/api/v1/connections', (context: any) => context.body(answers.GET, 200, headers))
app.post('/api/v1/actions/execute', async (context: any) => {
  await context.req.text()
  return context.body(answers.POST, 200, headers)
})
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }: { port: number }) => {
  console.log(`http://127.0.0.1:${port}`)
})
