import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))

/** The text without code, in which brackets mean something else. */
const prose = (file: string) =>
  readFileSync(join(root, file), 'utf8')
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ''))

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(file: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of prose(file).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    const anchor = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-')
    let free = anchor
    for (let nth = 1; anchors.has(free); nth++) free = `${anchor}-${nth}`
    anchors.add(free)
  }
  return anchors
}

/** What does not lead anywhere. */
function broken(file: string): string[] {
  const links = [...prose(file).matchAll(/\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]*))?\)/g)]
  return links.flatMap(([link, path = '', anchor]) => {
    const target = path === '' ? file : join(dirname(file), path)
    if (!existsSync(join(root, target))) return [`${link}: there is no ${target}`]
    if (anchor === undefined || !target.endsWith('.md')) return []
    return anchorsOf(target).has(anchor) ? [] : [`${link}: ${target} has no heading #${anchor}`]
  })
}

describe('the links between the pages of this repository', () => {
  it.each(pages)('lead somewhere, down to the heading: %s', (file) => {
    expect(broken(file)).toEqual([])
  })

  it('are found', () => {
    expect(pages).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/README.md']),
    )
    expect([...anchorsOf('docs/architecture.md')]).toContain('how-to-add-an-endpoint')
  })
})
