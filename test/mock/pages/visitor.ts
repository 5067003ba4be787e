import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import type { Api } from '../door.js'

function* elements(node: Tree.Node): Generator<Tree.Element> {
  if ('tagName' in node) yield node
  if ('childNodes' in node) for (const child of node.childNodes) yield* elements(child)
}

function textOf(node: Tree.Node): string {
  if (node.nodeName === '#text') return (node as Tree.TextNode).value
  if (node.nodeName === 'style' || node.nodeName === 'script' || !('childNodes' in node)) return ''
  return node.childNodes.map(textOf).join('')
}

const words = (text: string) => text.replace(/\s+/g, ' ').trim()

/** A page as a browser without scripts would understand it: parsed by the rules of HTML, not by looking at its text. */
export class Shown {
  readonly #document: Tree.Document

  constructor(
    readonly url: string,
    readonly response: Response,
    readonly source: string,
  ) {
    this.#document = parse(source)
  }

  get status() {
    return this.response.status
  }

  header(name: string) {
    return this.response.headers.get(name)
  }

  get everything(): Tree.Element[] {
    return [...elements(this.#document)]
  }

  all(...names: string[]): Tree.Element[] {
    return this.everything.filter((element) => names.includes(element.tagName))
  }

  /** The text of a script or style, byte for byte. */
  rawTextOf(element: Tree.Element): string {
    return element.childNodes.map((child) => ('value' in child ? child.value : '')).join('')
  }

  attribute(element: Tree.Element | undefined, name: string): string | undefined {
    return element?.attrs.find((attribute) => attribute.name === name)?.value
  }

  texts(name: string): string[] {
    return this.all(name).map((element) => words(textOf(element)))
  }

  get heading() {
    return this.texts('h1')[0]
  }

  get text() {
    return words(this.all('body').map(textOf).join(' '))
  }

  /** What a screen reader would say at once. */
  get alert(): string | undefined {
    const alert = this.everything.find((element) => this.attribute(element, 'role') === 'alert')
    return alert && words(textOf(alert))
  }

  get buttons() {
    return this.all('button').filter((button) => this.attribute(button, 'hidden') === undefined)
  }

  /** Every visible input with the text of the label that belongs to it. */
  get fields(): { name: string; label: string | undefined; type: string | undefined }[] {
    const labels = new Map(
      this.all('label').map((label) => [this.attribute(label, 'for'), words(textOf(label))]),
    )
    return this.all('input')
      .filter((input) => this.attribute(input, 'type') !== 'hidden')
      .map((input) => ({
        name: this.attribute(input, 'name') ?? '',
        label: labels.get(this.attribute(input, 'id')),
        type: this.attribute(input, 'type'),
      }))
  }

  /** The message that a script would post to the opener. */
  get message(): unknown {
    return JSON.parse(this.attribute(this.all('body')[0], 'data-message') ?? 'null')
  }

  /** What pressing a button posts: the form around it, its hidden fields and the button's own value. */
  press(label: string): { action: string; form: URLSearchParams } {
    const button = this.buttons.find((button) => words(textOf(button)) === label)
    if (!button) throw new Error(`No button "${label}" on: ${this.text}`)
    let node: Tree.ParentNode | null = button.parentNode
    while (node && node.nodeName !== 'form') node = 'parentNode' in node ? node.parentNode : null
    if (!node) throw new Error(`The button "${label}" is in no form`)
    const form = new URLSearchParams()
    for (const input of elements(node)) {
      if (input.tagName === 'input' && this.attribute(input, 'type') === 'hidden') {
        form.append(this.attribute(input, 'name') ?? '', this.attribute(input, 'value') ?? '')
      }
    }
    const name = this.attribute(button, 'name')
    if (name !== undefined) form.append(name, this.attribute(button, 'value') ?? '')
    return { action: new URL(this.attribute(node as Tree.Element, 'action') ?? '', this.url).href, form }
  }
}

/** A person with a browser that runs no scripts: follows links, fills in forms, keeps cookies. */
export class Visitor {
  readonly #cookies = new Map<string, { value: string; path: string }>()
  /** Every address that the browser was at, redirects included. */
  readonly trail: string[] = []

  constructor(readonly api: Pick<Api, 'fetch' | 'url'>) {}

  /** Goes to an address, and on to wherever it leads; stops where the mock's own pages end. */
  async open(url: string, init: RequestInit = {}): Promise<Shown> {
    this.trail.push(url)
    const headers = new Headers(init.headers)
    const { pathname } = new URL(url)
    const cookies = [...this.#cookies].filter(([, { path }]) => pathname.startsWith(path))
    if (cookies.length > 0)
      headers.set('cookie', cookies.map(([name, { value }]) => `${name}=${value}`).join('; '))
    const response = await this.api.fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      this.#cookies.set(name, { value, path: /; Path=([^;]+)/.exec(cookie)?.[1] ?? '/' })
    }
    const location = response.headers.get('location')
    if (location === null) return new Shown(url, response, await response.text())
    const next = new URL(location, url)
    if (next.origin === new URL(this.api.url).origin) return this.open(next.href)
    this.trail.push(next.href)
    return new Shown(next.href, response, await response.text())
  }

  /** Presses a button, with these fields filled in. */
  press(page: Shown, label: string, fields: Record<string, string> = {}): Promise<Shown> {
    const { action, form } = page.press(label)
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    return this.post(action, form, new URL(page.url).origin)
  }

  post(url: string, form: URLSearchParams, origin?: string): Promise<Shown> {
    return this.open(url, {
      method: 'POST',
      body: form.toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(origin !== undefined && { origin }),
      },
    })
  }
}
