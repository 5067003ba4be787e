/** Prints the story. Nothing here is about Weavz. */

const width = 100
let chapters = 0

export function chapter(title: string): void {
  const heading = `${++chapters}. ${title}`
  console.log(`\n${heading}\n${'='.repeat(heading.length)}`)
}

/** A paragraph, broken at words. */
export function say(text: string): void {
  console.log(`\n${wrap(text, width)}`)
}

/** One thing that happened, with what there is to know about it below. */
export function show(what: string, facts: Readonly<Record<string, unknown>>): void {
  console.log(`\n  ${what}`)
  const names = Object.keys(facts)
  const column = Math.max(...names.map((name) => name.length))
  for (const [name, value] of Object.entries(facts)) {
    const indent = ' '.repeat(column + 8)
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    console.log(
      `    ${name.padEnd(column)}    ${wrap(text, width - indent.length).replaceAll('\n', `\n${indent}`)}`,
    )
  }
}

function wrap(text: string, columns: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].join('\n')
}
