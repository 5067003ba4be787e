import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contract } from '../../src/contract/index.js'
import { docstringsOf, pagesNamedIn } from './docstrings.js'
import { typeErrors } from './snippets.js'

const resources = readdirSync(new URL('../../src/resources', import.meta.url))
const files = [
  'src/client.ts',
  ...resources.filter((file) => file.endsWith('.ts')).map((file) => `src/resources/${file}`),
]
const methods = docstringsOf(files)
const errorsOf = new Map<string, readonly string[]>(
  Object.entries(contract).flatMap(([resource, endpoints]) =>
    Object.entries(endpoints).map(([name, { errors }]) => [`${resource}.${name}`, errors] as const),
  ),
)
/** Documented names of the flat kind: `addIntegration` for `integrations.create`. */
const isAlias = ({ text }: (typeof methods)[number]) => text.startsWith('The same as `')
const namesOf = (found: typeof methods) => found.map(({ name }) => name)

describe('What an editor shows of the methods of the client', () => {
  it('says what each of them does', () => {
    expect(namesOf(methods)).toContain('Workspaces.create')
    expect(namesOf(methods.filter(({ text }) => !text.endsWith('.')))).toEqual([])
  })

  it('says which identifier goes into each argument', () => {
    const silent = methods
      .filter((method) => !isAlias(method))
      .flatMap(({ name, ids, described }) =>
        ids.filter((id) => !described.includes(id)).map((id) => `${name}(${id})`),
      )
    expect(silent).toEqual([])
  })

  it('names every error code that its endpoint has of its own', () => {
    const called = methods.flatMap(({ endpoint }) => endpoint ?? [])
    expect(called).toContain('workspaceIntegrations.create')
    expect(called.filter((endpoint) => !errorsOf.has(endpoint))).toEqual([])
    const unnamed = methods.flatMap(({ name, whole, endpoint = '' }) =>
      (errorsOf.get(endpoint) ?? [])
        .filter(
          (code) =>
            !whole.includes(code === 'CONNECTION_REQUIRED' ? 'ConnectionRequiredError' : `\`${code}\``),
        )
        .map((code) => `${name}: ${code}`),
    )
    expect(unnamed).toEqual([])
  })

  it('has an example of each of them, which compiles', { timeout: 60_000 }, () => {
    expect(namesOf(methods.filter(({ example }) => !example))).toEqual([])
    const examples = methods.flatMap(({ example }) => example ?? [])
    expect(typeErrors(examples, { excerpts: true })).toEqual([])
  })

  it('refers to pages that exist', () => {
    const pages = files.flatMap(pagesNamedIn)
    expect(pages).toContain('docs/actions.md')
    const missing = pages.filter((page) => !existsSync(new URL(`../../${page}`, import.meta.url)))
    expect(missing).toEqual([])
  })
})
