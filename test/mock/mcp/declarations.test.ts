import ts from 'typescript'
import { expect, it } from 'vitest'
import catalog from '../../../src/engine/catalog/catalog.json' with { type: 'json' }
import { throughBothDoors } from '../door.js'
import { configure, nobody } from '../world.js'
import { addSlack, begin } from './kit.js'

/** What the compiler says about code that uses the declarations. */
function errorsOf(declarations: readonly string[], code = ''): string[] {
  const files = new Map(declarations.map((text, at) => [`/declarations-${at}.d.ts`, text]))
  files.set('/code.ts', `${code}\nexport {}\n`)
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, types: [], skipLibCheck: false },
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.readFile = (name) => files.get(name) ?? readFile(name)
  host.getSourceFile = (name, target, ...rest) => {
    const text = files.get(name)
    return text === undefined ? getSourceFile(name, target, ...rest) : ts.createSourceFile(name, text, target)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

throughBothDoors('Declarations', (open) => {
  it('type what code may call, and what with', { timeout: 60_000 }, async () => {
    const { api, workspaceId, makeServer } = await begin(open)
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
    expect(errorsOf(both, good)).toEqual([])
    const mistakes = [
      ["await weavz.slack.send_channel_message({ channel: 'C' })", /'"?text"?'/],
      ["await weavz.slack.send_channel_message({ channel: 7, text: 'T' })", /'number' is not assignable/],
      ["await weavz.my_hash.hash({ text: 'a', algorithm: 'md5', encoding: 'hex' })", /"md5"/],
      ['await weavz.slack.delete_message()', /delete_message/],
      ['await weavz.github.list()', /github/],
    ] as const
    for (const [code, message] of mistakes) {
      expect(errorsOf(both, code)).toEqual([expect.stringMatching(message)])
    }
  })

  it('compile for every integration of the catalog', { timeout: 60_000 }, async () => {
    const { api, makeServer } = await begin(open)
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
    expect(errorsOf(all.map(({ declarations }) => declarations))).toEqual([])
  })

  it(
    'leave out what partials enforce, and keep texts inside their comments',
    { timeout: 60_000 },
    async () => {
      const { api, workspaceId, makeServer, toolsOf } = await begin(open)
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
      expect(errorsOf([declarations], "await weavz.slack.send_channel_message({ text: 'T' })")).toEqual([])
      expect(errorsOf([declarations], 'void hijacked')).toEqual([expect.stringContaining('hijacked')])
      expect(declarations).not.toContain('"channel"')
    },
  )

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
