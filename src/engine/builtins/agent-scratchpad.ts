import { timestamp } from '../clock.js'
import { text, type BuiltinCall, type Builtins } from './builtin.js'
import { toUtf8 } from './bytes.js'

interface Page {
  readonly content: string
  readonly updatedAt: string
}

const pageAt = ({ input, namespace }: BuiltinCall) =>
  namespace.get(text(input, 'pageName')) as Page | undefined

/** Bytes of UTF-8. */
const sizeOf = (content: string) => toUtf8(content).length

function write({ input, namespace, now }: BuiltinCall, content: string) {
  const pageName = text(input, 'pageName')
  const page: Page = { content, updatedAt: timestamp(now) }
  namespace.set(pageName, page)
  return { pageName, size: sizeOf(content) }
}

/** `agent-scratchpad`: pages of text by name. */
export const agentScratchpad: Builtins = {
  read_page(call) {
    const page = pageAt(call)
    return {
      pageName: text(call.input, 'pageName'),
      content: page?.content ?? null,
      found: page !== undefined,
    }
  },

  write_page: (call) => write(call, text(call.input, 'content')),

  append_page: (call) => write(call, (pageAt(call)?.content ?? '') + text(call.input, 'content')),

  list_pages({ namespace }) {
    const pages = Array.from(namespace as Iterable<[string, Page]>, ([pageName, { content, updatedAt }]) => ({
      pageName,
      size: sizeOf(content),
      updatedAt,
    }))
    return { pages }
  },

  /** Pages whose name or content contains the query, whatever the case. */
  search_pages({ input, namespace }) {
    const query = text(input, 'query').toLowerCase()
    const pages = Array.from(namespace as Iterable<[string, Page]>, ([pageName, { content }]) => ({
      pageName,
      content,
    }))
    return {
      pages: pages.filter(({ pageName, content }) => `${pageName}\n${content}`.toLowerCase().includes(query)),
    }
  },

  delete_page({ input, namespace }) {
    const pageName = text(input, 'pageName')
    return { pageName, deleted: namespace.delete(pageName) }
  },

  clear_all({ namespace }) {
    const deleted = namespace.size
    namespace.clear()
    return { deleted }
  },
}
