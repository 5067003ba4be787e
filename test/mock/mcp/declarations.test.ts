import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import catalog from '../../../src/engine/catalog/catalog.json' with { type: 'json' }
import { createMockWeavz } from '../../../src/mock/index.js'
import { Api, throughBothDoors, type Open } from '../door.js'
import { configure, nobody } from '../world.js'
import { addSlack, begin } from './kit.js'

const libraries = new Map<string, ts.SourceFile | undefined>()

/** What the compiler says about each of several pieces of code that use the declarations. */
function errorsOf(declarations: readonly string[], ...codes: readonly string[]): string[][] {
  const files = new Map(declarations.map((text, at) => [`/declarations-${at}.d.ts`, text]))
  codes.forEach((code, at) => files.set(`/code-${at}.ts`, `${code}\nexport {}\n`))
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, types: [], lib: ['lib.es2022.d.ts'] },
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.readFile = (name) => files.get(name) ?? readFile(name)
  host.getSourceFile = (name, target, ...rest) => {
    const text = files.get(name)
    if (text !== undefined) return ts.createSourceFile(name, text, target)
    if (!libraries.has(name)) libraries.set(name, getSourceFile(name, target, ...rest))
    return libraries.get(name)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  const about = (file: string) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
  expect(declarations.flatMap((_, at) => about(`/declarations-${at}.d.ts`))).toEqual([])
  return codes.map((_, at) => about(`/code-${at}.ts`))
}

/** Compiling is slow, and the text is the same through every door. */
const inProcess: Open = async () => {
  const weavz = createMockWeavz()
  return new Api(weavz, 'http://weavz.test', weavz.fetch)
}

describe('Declarations', () => {
  it('type what code may call, and what with', { timeout: 60_000 }, async () => {
    const { api, workspaceId, makeServer } = await begin(inProcess)
    await addSlack(api, workspaceId)
    await configure(api, workspaceId, { integrationName: 'hash-encode', alias: 'my-hash' })
    const { server } = await makeServer({ mode: 'CODE' })
    const read = async (alias: string) =>
      (await api.ok('mcpServers.getDeclarations', { params: { id: server.id, alias } })).declarations
    const both = [await read('slack'), await read('my-hash')]
    const good = `
      const sent: unknown = await weavz.slack.send_channel_message({ channel: 'C', text: 'T', more: 1 })
      await weavz.slack.list_users()
      await weavz.my_hash.hash({ text: 'abc', algorithm: 'sha256', encoding: 'hex' })`
    const mistakes = [
      ["await weavz.slack.send_channel_message({ channel: 'C' })", /'"?text"?'/],
      ["await weavz.slack.send_channel_message({ channel: 7, text: 'T' })", /'number' is not assignable/],
      ["await weavz.my_hash.hash({ text: 'a', algorithm: 'md5', encoding: 'hex' })", /"md5"/],
      ['await weavz.slack.delete_message()', /delete_message/],
      ['await weavz.github.list()', /github/],
    ] as const
    const [right, ...wrong] = errorsOf(both, good, ...mistakes.map(([code]) => code))
    expect(right).toEqual([])
    expect(wrong).toEqual(mistakes.map(([, message]) => [expect.stringMatching(message)]))
  })

  it('compile for every integration of the catalog', { timeout: 60_000 }, async () => {
    const { api, makeServer } = await begin(inProcess)
    const { server } = await makeServer({ mode: 'CODE' })
    const names = Object.keys(catalog)
    for (const [name, { actions }] of Object.entries(catalog)) {
      for (const actionName of Object.keys(actions)) {
        const body = { integrationName: name, actionName }
        await api.ok('mcpServers.tools.create', { params: { id: server.id }, body })
      }
    }
    const all = await Promise.all(
      names.map((alias) => api.ok('mcpServers.getDeclarations', { params: { id: server.id, alias } })),
    )
    expect(all).toHaveLength(54)
    errorsOf(all.map(({ declarations }) => declarations))
  })

  it(
    'leave out what partials enforce, and keep texts inside their comments',
    { timeout: 60_000 },
    async () => {
      const { api, workspaceId, makeServer, toolsOf } = await begin(inProcess)
      await addSlack(api, workspaceId, { enabledActions: ['send_channel_message'] })
      await api.ok('partials.create', {
        body: {
          ...{ workspaceId, integrationName: 'slack', name: 'Alerts', isDefault: true },
          ...{ values: { channel: '#alerts' }, enforcedKeys: ['channel'] },
        },
      })
      const { server } = await makeServer({ mode: 'CODE' })
      const [tool] = await toolsOf(server.id)
      const description = 'Ends */ here\n\ndeclare const hijacked: 1'
      const params = { id: server.id, toolId: tool?.id ?? '' }
      await api.ok('mcpServers.tools.update', { params, body: { description } })
      const alias = { params: { id: server.id, alias: 'slack' } }
      const { declarations } = await api.ok('mcpServers.getDeclarations', alias)
      const call = "await weavz.slack.send_channel_message({ text: 'T' })"
      const [called, stolen] = errorsOf([declarations], call, 'void hijacked')
      expect(called).toEqual([])
      expect(stolen).toEqual([expect.stringContaining('hijacked')])
      expect(declarations).not.toContain('"channel"')
    },
  )
})

throughBothDoors('Declarations', (open) => {
  it('are there only for an alias of the server', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await configure(api, workspaceId, { integrationName: 'hash-encode', alias: 'my-hash' })
    const { server } = await makeServer()
    for (const [id, alias] of [
      [server.id, 'hash-encode'],
      [server.id, 'my_hash'],
      [server.id, '__proto__'],
      [nobody, 'my-hash'],
    ] as const) {
      await api.refused('mcpServers.getDeclarations', 'NOT_FOUND', { params: { id, alias } })
    }
  })
})
