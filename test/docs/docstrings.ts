import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { Snippet } from './snippets.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What an editor shows of one method of the client. */
export interface Docstring {
  /** `Workspaces.create` */
  readonly name: string
  readonly text: string
  /** All of it, tags included. */
  readonly whole: string
  /** The endpoint of the contract that it calls: `workspaceIntegrations.create`. */
  readonly endpoint: string | undefined
  /** Parameters of the method, but for `params` and `options`, which are documented by their types. */
  readonly ids: readonly string[]
  /** Parameters that it describes: `id`, `params.workspaceId`. */
  readonly described: readonly string[]
  readonly example: Snippet | undefined
}

function describe(method: ts.MethodDeclaration, owner: string, file: ts.SourceFile): Docstring {
  const name = `${owner}.${method.name.getText(file)}`
  const tags = ts.getJSDocTags(method)
  const example = tags.find(({ tagName }) => tagName.text === 'example')
  const comment = ts.getJSDocCommentsAndTags(method).find(ts.isJSDoc)
  return {
    name,
    text: ts.getTextOfJSDocComment(comment?.comment) ?? '',
    whole: comment?.getText(file) ?? '',
    endpoint: /this\.call(?:List)?\((\w+\.\w+),/.exec(method.getText(file))?.[1],
    ids: method.parameters
      .map((parameter) => parameter.name.getText(file))
      .filter((parameter) => !['params', 'options', 'init'].includes(parameter)),
    described: tags.filter(ts.isJSDocParameterTag).map((tag) => tag.name.getText(file)),
    example: example && { place: name, code: ts.getTextOfJSDocComment(example.comment) ?? '' },
  }
}

/** The pages that doc comments of a file refer to: `docs/actions.md`. */
export function pagesNamedIn(name: string): string[] {
  const text = ts.sys.readFile(`${root}${name}`) ?? ''
  return [...text.matchAll(/^ +\* @see (docs\/\S+)$/gm)].map(([, page = '']) => page)
}

/** The public methods of the classes in the given files. */
export function docstringsOf(files: readonly string[]): Docstring[] {
  return files.flatMap((name) => {
    const text = ts.sys.readFile(`${root}${name}`) ?? ''
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
    return file.statements
      .filter(ts.isClassDeclaration)
      .filter(({ modifiers }) => !modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword))
      .flatMap(({ name: owner, members }) =>
        members
          .filter(ts.isMethodDeclaration)
          .map((method) => describe(method, owner?.getText(file) ?? '', file)),
      )
  })
}
