import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'
import * as z from 'zod/mini'
import { ExecuteMcpCode } from '../../contract/mcp-servers.js'
import type { Engine } from '../../engine/engine.js'
import type { McpCaller } from '../../engine/mcp/callers.js'
import { executeCode } from '../../engine/mcp/code.js'
import { declarationsOf } from '../../engine/mcp/declarations.js'
import { describeTool, namedTools } from '../../engine/mcp/surface.js'
import { read } from './read.js'
import { success, unknownTool, type ServerTools } from './results.js'

/** How many matches a search shows. */
const mostMatches = 20

const text = { type: 'string' }

const metaTools: Tool[] = [
  {
    name: 'weavz_search',
    title: 'Search',
    description: 'Find actions by words of their names and descriptions. Without a query: all of them.',
    inputSchema: { type: 'object', properties: { query: text } },
  },
  {
    name: 'weavz_read_api',
    title: 'Read API',
    description: 'Read the TypeScript declarations of one alias, to know what to call in weavz_execute.',
    inputSchema: { type: 'object', properties: { alias: text }, required: ['alias'] },
  },
  {
    name: 'weavz_execute',
    title: 'Execute',
    description:
      'Run JavaScript that calls weavz.<alias>.<action>(input), or continue a run by approvalId. Exactly one of code and approvalId.',
    inputSchema: {
      type: 'object',
      properties: { code: text, approvalId: text, waitForApprovalSeconds: { type: 'number' } },
    },
  },
]

const Search = z.object({ query: z.optional(z.string()) })
const ReadApi = z.object({ alias: z.string() })

/** The tools of a server in code mode: search, read, execute. */
export function codeTools(engine: Engine, caller: McpCaller): ServerTools {
  const { server } = caller

  function search({ query = '' }: z.infer<typeof Search>): CallToolResult {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean)
    const described = Array.from(namedTools(engine, server).values(), (each) =>
      describeTool(engine, server, each),
    )
    const matches = described.filter(({ name, title, description }) => {
      const searched = `${name} ${title} ${description}`.toLowerCase()
      return words.every((word) => searched.includes(word))
    })
    const actions = matches.slice(0, mostMatches).map(({ tool, namespace, description }) => ({
      alias: tool.integrationAlias,
      call: `weavz.${namespace}[${JSON.stringify(tool.actionName)}]`,
      description,
    }))
    return success({ actions, total: matches.length })
  }

  return {
    list: () => metaTools,
    async call(name, input) {
      switch (name) {
        case 'weavz_search':
          return search(read(Search, input))
        case 'weavz_read_api':
          return success({ declarations: declarationsOf(engine, server.id, read(ReadApi, input).alias) })
        case 'weavz_execute':
          return (await executeCode(engine, caller, read(ExecuteMcpCode, input))) as CallToolResult
        default:
          throw unknownTool(name)
      }
    },
  }
}
