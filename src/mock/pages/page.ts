import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { html, raw } from 'hono/html'
import { styles } from './styles.js'

/** HTML that was built by `html` and is therefore escaped. */
export type Html = ReturnType<typeof html>

/** A hosted page. Every text that is not `Html` is escaped on the way. */
export interface Page {
  readonly title: string
  readonly body: Html
  /** HTTP status. Default 200. */
  readonly status?: number
  /** Origins, besides its own, that a form of this page may lead to, by redirects as well. */
  readonly formTargets?: readonly string[]
  /** The one script that may run. */
  readonly script?: string
  /** `data-…` attributes of the body, for the script. */
  readonly data?: Readonly<Record<string, string>>
  /** `Cross-Origin-Opener-Policy`; none unless given. */
  readonly coop?: string | undefined
  readonly look?: 'provider'
  readonly wide?: boolean
}

/** How a policy names an inline script or style (CSP Level 3, section 2.3.1). */
function hashSource(text: string): string {
  return `'sha256-${btoa(String.fromCharCode(...sha256(utf8ToBytes(text))))}'`
}

const styleSource = hashSource(styles)

/** An inline script or style, byte for byte: white space around the text would change its hash. */
const element = (name: 'script' | 'style', text: string) => raw(`<${name}>${text}</${name}>`)

function policyOf({ formTargets = [], script }: Page): string {
  const directives = {
    'default-src': ["'none'"],
    'style-src': [styleSource],
    'img-src': ['data:'],
    ...(script !== undefined && { 'script-src': [hashSource(script)] }),
    'form-action': ["'self'", ...new Set(formTargets)],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
  }
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ')
}

function headersOf(page: Page): Headers {
  const headers = new Headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyOf(page),
    'cache-control': 'no-store',
    // The address holds a token. To our own pages it may travel, and without it a form would post `Origin: null`.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex',
  })
  if (page.coop !== undefined) headers.set('cross-origin-opener-policy', page.coop)
  return headers
}

/** The page as an answer. */
export async function render(page: Page): Promise<Response> {
  const { title, body, script, data = {}, look = '', wide } = page
  const attributes = Object.entries(data).map(([name, value]) => html` data-${name}="${value}"`)
  const text = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${element('style', styles)}
      </head>
      <body class="${look}"${attributes}>
        <main${wide ? raw(' class="wide"') : ''}>${body}</main>
        <footer>Offline Weavz: a mock for tests</footer>
        ${script === undefined ? '' : element('script', script)}
      </body>
    </html>`
  return new Response(text.toString(), { status: page.status ?? 200, headers: headersOf(page) })
}

/** 303: what follows a form is fetched with GET, and a reload does not send the form again (RFC 9110, 15.4.4). */
export function seeOther(location: string, coop?: string): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'same-origin' })
  if (coop !== undefined) headers.set('cross-origin-opener-policy', coop)
  return new Response(null, { status: 303, headers })
}
