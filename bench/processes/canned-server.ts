/** A bare node:http server that answers canned JSON. Prints its address. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answers } from '../lib/exchange.js'

const server = createServer((request, response) => {
  const text = request.method === 'POST' ? answers.POST : answers.GET
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    response.end(text)
  })
})
// A client that waits for its turn must find its connections open
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
