/** Reads a curl command of the documentation as curl and a shell would. */

interface CurlRequest {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: string | undefined
}

/** The words of a command line: quotes, escapes and continued lines as in POSIX shell; no expansions. */
export function shellWords(line: string): string[] {
  const words: string[] = []
  const word = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\[^\n]|[^\s'"\\])+/g
  const rest = line.replaceAll('\\\n', ' ').replace(word, (text) => {
    words.push(
      text.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs, (_, single, double, escaped) => {
        const quoted = double as string | undefined
        return (single ?? quoted?.replace(/\\(["\\$`])/g, '$1') ?? escaped) as string
      }),
    )
    return ''
  })
  if (rest.trim() !== '') throw new Error(`Not the words of a command: ${rest.trim()}`)
  return words
}

export function parseCurl(command: string): CurlRequest {
  const [program, ...args] = shellWords(command)
  if (program !== 'curl') throw new Error(`Not a curl command: ${program}`)
  let url: string | undefined
  let method: string | undefined
  let body: string | undefined
  const headers = new Headers()
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string
    if (!arg.startsWith('-')) {
      url = arg
      continue
    }
    const value = args[++at]
    if (value === undefined) throw new Error(`${arg} has no value`)
    if (arg === '-X') method = value
    else if (arg === '-d') body = value
    else if (arg === '-H') {
      const colon = value.indexOf(':')
      headers.append(value.slice(0, colon), value.slice(colon + 1).trim())
    } else throw new Error(`No sample has used ${arg} so far`)
  }
  if (url === undefined) throw new Error('The command names no URL')
  if (body !== undefined && !headers.has('content-type')) {
    headers.set('content-type', 'application/x-www-form-urlencoded')
  }
  return { url, method: method ?? (body === undefined ? 'GET' : 'POST'), headers, body }
}
