/** What benchmarks find out, and how it reads: every figure as a ratio to a reference of the same run. */
import { ratios, spreadOf, type Samples, type Spread } from './measure.js'

export type Unit = 'time' | 'bytes'

export interface Cell {
  /** How many times as much as the reference; the quartiles are those of the ratios. */
  readonly ratio: Spread
  /** The median itself: milliseconds or bytes. */
  readonly value: number
}

export interface Row {
  readonly name: string
  /** Why it is faster or slower than others, where one would ask. */
  readonly note: string
  /** As many as there are columns; null where it takes no part. */
  readonly cells: readonly (Cell | null)[]
}

export interface Goal {
  readonly text: string
  readonly limit: number
  readonly value: number
}

export interface Table {
  readonly title: string
  /** What was measured, and how. */
  readonly about: string
  /** The row that is 1 in every column. */
  readonly reference: string
  /** The row that is ours, or the rows. */
  readonly ours: readonly string[]
  readonly columns: readonly { readonly title: string; readonly unit: Unit }[]
  readonly rows: readonly Row[]
  readonly goals: readonly Goal[]
}

export interface Findings {
  readonly tables: readonly Table[]
  /** Peers that are not installed, and what a short run does without. */
  readonly leftOut: readonly string[]
}

export interface Report extends Findings {
  readonly node: string
  readonly machine: string
  /** Made by a short run, which only shows that the benchmarks work. */
  readonly quick: boolean
}

/** What one benchmark exports as `run`. */
export type Benchmark = (options: { readonly quick: boolean }) => Promise<Findings>

/** One column: what was measured of everybody in the same rounds. */
export interface Column {
  readonly title: string
  readonly unit: Unit
  readonly samples: Samples
  /** Which of the metrics. Default `time`. */
  readonly metric?: string
}

/** Puts columns side by side and relates everything to the reference. */
export function tableOf(
  shape: Pick<Table, 'title' | 'about' | 'reference' | 'ours'> & {
    readonly columns: readonly Column[]
    readonly notes?: Readonly<Record<string, string>>
    /** What is to be reached, given how many times as much one row needs in a column as another. */
    readonly goals?: (compare: (column: string, name: string, other: string) => number) => readonly Goal[]
  },
): Table {
  const { title, about, reference, ours, notes = {} } = shape
  const names = new Set(shape.columns.flatMap(({ samples }) => [...samples.keys()]))
  const valuesOf = (name: string, { samples, metric = 'time' }: Column) =>
    samples.get(name)?.map((sample) => sample[metric] ?? Number.NaN)
  const cellOf = (name: string, column: Column): Cell | null => {
    const own = valuesOf(name, column)
    const base = valuesOf(reference, column)
    if (!own || !base) return null
    return { ratio: spreadOf(ratios(own, base)), value: spreadOf(own).median }
  }
  const rows = Array.from(names, (name): Row => ({
    name,
    note: notes[name] ?? '',
    cells: shape.columns.map((column) => cellOf(name, column)),
  }))
  const weight = ({ name, cells }: Row) => (name === reference ? 0 : (cells[0]?.ratio.median ?? Infinity))
  rows.sort((a, b) => weight(a) - weight(b))
  const columns = shape.columns.map(({ title, unit }) => ({ title, unit }))
  const compare = (title: string, name: string, other: string) => {
    const column = shape.columns.find((column) => column.title === title)
    const own = column && valuesOf(name, column)
    const others = column && valuesOf(other, column)
    if (!own || !others) throw new Error(`${title} was not measured of both ${name} and ${other}`)
    return spreadOf(ratios(own, others)).median
  }
  return { title, about, reference, ours, columns, rows, goals: shape.goals?.(compare) ?? [] }
}

const digits = (value: number) => (value >= 100 ? 0 : value >= 10 ? 1 : 2)
const plain = (value: number) => value.toFixed(digits(value))

function measure(value: number, unit: Unit): string {
  const steps: readonly (readonly [number, string])[] =
    unit === 'bytes'
      ? [
          [1024 ** 2, 'MB'],
          [1024, 'kB'],
        ]
      : [
          [1000, 's'],
          [1, 'ms'],
          [1e-3, 'µs'],
        ]
  const last = steps.at(-1) as readonly [number, string]
  const [size, name] = steps.find(([size]) => value >= size) ?? last
  return `${plain(value / size)} ${name}`
}

function shown(cell: Cell | null, unit: Unit, isReference: boolean): string {
  if (!cell) return '–'
  if (isReference) return `1 = ${measure(cell.value, unit)}`
  const { median, q1, q3 } = cell.ratio
  return `${plain(median)} (${plain(q1)}–${plain(q3)})`
}

/** Who needs clearly less than one of ours and who clearly more: their quartiles do not overlap. */
function standing(table: Table, ours: string): string {
  const at = table.rows.find(({ name }) => name === ours)
  const lines = table.columns.flatMap(({ title }, column) => {
    const own = at?.cells[column]
    if (!own) return []
    const others = table.rows.flatMap(({ name, cells }) => {
      const cell = cells[column]
      return cell && !table.ours.includes(name) ? [{ name, ratio: cell.ratio }] : []
    })
    const ahead = others.filter(({ ratio }) => ratio.q3 < own.ratio.q1)
    const behind = others.filter(({ ratio }) => ratio.q1 > own.ratio.q3)
    const level = others.filter((other) => !ahead.includes(other) && !behind.includes(other))
    const list = (of: typeof others) => of.map(({ name }) => name).join(', ')
    const parts = [
      ahead.length > 0 && `ahead of it ${list(ahead)}`,
      level.length > 0 && `level with it ${list(level)}`,
      behind.length > 0 && `behind it ${list(behind)}`,
    ].filter((part) => part !== false)
    return [`${title}: ${parts.join('; ')}.`]
  })
  return `Beside *${ours}*: ${lines.join(' ')}`
}

function markdownOf(table: Table, quick: boolean): string {
  const { columns, rows, reference, ours } = table
  const noted = rows.some(({ note }) => note !== '')
  const head = ['', ...columns.map(({ title }) => title), ...(noted ? ['Why'] : [])]
  const lines = rows.map(({ name, note, cells }) => {
    const mark = ours.includes(name) ? '**' : ''
    const figures = columns.map(({ unit }, i) => shown(cells[i] ?? null, unit, name === reference))
    return [`${mark}${name}${mark}`, ...figures, ...(noted ? [note] : [])]
  })
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    `### ${table.title}`,
    '',
    table.about,
    '',
    line(head),
    line(head.map((_, i) => (i === 0 || (noted && i === head.length - 1) ? '---' : '--:'))),
    ...lines.map(line),
    '',
    ...(quick ? [] : verdicts(table)),
  ].join('\n')
}

function verdicts(table: Table): string[] {
  const goals = table.goals.map(({ text, limit, value }) => {
    const outcome = value <= limit ? 'Met' : '**Missed**'
    return `- ${outcome}: ${text}, at most ${plain(limit)}; measured ${plain(value)}.`
  })
  return [...table.ours.slice(0, 1).flatMap((name) => [standing(table, name), '']), ...goals, '']
}

/** The goals that were missed. */
export function missed({ tables }: Findings): Goal[] {
  return tables.flatMap(({ goals }) => goals.filter(({ limit, value }) => !(value <= limit)))
}

export function documentOf(report: Report): string {
  const left = report.leftOut.map((text) => `- Left out: ${text}`)
  return [
    `Node ${report.node}, ${report.machine}.${report.quick ? ' A short run: its figures mean nothing.' : ''}`,
    '',
    ...report.tables.map((table) => markdownOf(table, report.quick)),
    ...(left.length > 0 ? [...left, ''] : []),
  ].join('\n')
}
