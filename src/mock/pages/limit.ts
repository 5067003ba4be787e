import type { MiddlewareHandler } from 'hono'
import { html } from 'hono/html'
import { peerOf } from '../peer.js'
import { rateHeaders, type RateLimiter } from '../rate-limit.js'
import { render } from './page.js'

/** Limits pages by the address that asks for them, and tells how much is left. */
export function limitPages(count: RateLimiter): MiddlewareHandler {
  return async (context, next) => {
    const rate = count(peerOf(context.req.raw))
    if (rate.retryAfter === undefined) await next()
    else context.res = await tooMany(rate.retryAfter)
    for (const [name, value] of Object.entries(rateHeaders(rate))) context.header(name, value)
  }
}

async function tooMany(seconds: number): Promise<Response> {
  const page = await render({
    title: 'Too many requests',
    status: 429,
    body: html`<h1>Too many requests</h1>
      <p class="note" role="alert">Too many requests came from your network.</p>
      <p class="muted">Wait ${seconds} seconds, then load this page again.</p>`,
  })
  page.headers.set('retry-after', String(seconds))
  return page
}
