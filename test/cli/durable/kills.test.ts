import { open } from 'node:fs/promises'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { bundleProgram, startProgram, temporaryFolder, type Program } from '../program.js'
import { Writer } from './writer.js'

const kills = 200
const writersAtOnce = 6

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const jsonOf = async <T>(url: string) => (await (await fetch(url)).json()) as T

/** Which table the field of a row refers to, whatever the table that the row is in. */
const references: Readonly<Record<string, string>> = {
  workspaceId: 'workspaces',
  connectionId: 'connections',
  workspaceIntegrationId: 'workspaceIntegrations',
  sourceWorkspaceIntegrationId: 'workspaceIntegrations',
  mcpServerId: 'mcpServers',
}

type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

/** What is half-written: references that lead nowhere, credentials and connections without each other. */
async function halves(url: string): Promise<string[]> {
  const { tables } = await jsonOf<{ tables: Rows }>(`${url}/_weavz/snapshot`)
  const idsOf = (name: string) => new Set(tables[name]!.map(({ id }) => id as string))
  const dangling = Object.entries(tables).flatMap(([name, rows]) =>
    rows.flatMap((row) =>
      Object.entries(references)
        .filter(([field, target]) => row[field] != null && !idsOf(target).has(row[field] as string))
        .map(([field]) => `${name}.${String(row.id)}.${field}`),
    ),
  )
  const [connections, credentials] = [idsOf('connections'), idsOf('credentials')]
  const alone = [...connections, ...credentials].filter((id) => !connections.has(id) || !credentials.has(id))
  return [...dangling, ...alone]
}

/** The checksum of the snapshot that a data file begins with; undefined before there is one. */
async function snapshotOf(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file)
    const { buffer } = await handle.read(Buffer.alloc(16), 0, 16).finally(() => handle.close())
    return buffer.toString()
  } catch {
    return undefined
  }
}

/** How many connections were opened to run an action. */
async function openings(url: string): Promise<number> {
  interface Journal {
    entries: { openings: unknown[] }[]
  }
  const { entries } = await jsonOf<Journal>(`${url}/_weavz/journal?endpoint=actions.execute`)
  return entries.filter((entry) => entry.openings.length > 0).length
}

it(`loses nothing that it has answered, killed at ${kills} random moments`, async () => {
  const folder = await temporaryFolder()
  const program = await bundleProgram(folder)
  const data = path.join(folder, 'world.weavz')
  let running: Program | undefined
  // A failed check leaves one running
  onTestFinished(async () => void (await running?.stop('SIGKILL')))
  const start = (): Program => (running = startProgram(program, ['--data', data]))
  const counts = { whileStarting: 0, answered: 0, refreshed: 0 }
  const snapshots = new Set<string | undefined>()
  let written: Writer[] = []
  let checked: Writer[] = []

  /** Holds everything that is there against what the writers know, and makes room for others. */
  async function check({ client, url }: Awaited<Program['ready']>): Promise<void> {
    const found = await Promise.all(written.map((writer) => writer.actual(client)))
    written.forEach((writer, at) => expect(writer.possible).toContainEqual(found[at]))
    expect(await halves(url)).toEqual([])
    // Every access token has run out, so that each run has to open the refresh token that was sealed before the kill
    await fetch(`${url}/_weavz/clock`, { method: 'POST', body: '{"advance":"2h"}' })
    const runs = await Promise.all(written.map((writer) => writer.refreshed(client)))
    const refreshed = runs.filter(Boolean).length
    expect(await openings(url)).toBe(refreshed)
    counts.refreshed += refreshed
    counts.answered += written.reduce((sum, { answered }) => sum + answered, 0)
    await Promise.all(checked.map((writer) => writer.remove(client)))
    checked = written
  }

  for (let round = 0; round < kills; round++) {
    const current = start()
    if (Math.random() < 0.1) {
      // In the middle of reading the file, of taking over the lock, of the very first write
      await sleep(Math.random() * 300)
      counts.whileStarting++
    } else {
      const ready = await current.ready
      await check(ready)
      written = Array.from({ length: writersAtOnce }, (_, at) => new Writer(`r${round}-w${at}`))
      const writing = Promise.all(written.map((writer) => writer.run(ready.client)))
      await sleep(Math.random() * 150)
      await current.stop('SIGKILL')
      await writing
    }
    expect((await current.stop('SIGKILL')).stderr).toBe('')
    snapshots.add(await snapshotOf(data))
  }
  const last = start()
  await check(await last.ready)
  expect(await last.stop('SIGTERM')).toEqual({ exitCode: 0, signal: null, stderr: '' })
  expect(counts.refreshed).toBeGreaterThan(0)
  expect(snapshots.size).toBeGreaterThan(2)
  console.log(
    `${kills} kills (${counts.whileStarting} while starting), ${counts.answered} answered writes, none lost; ` +
      `${counts.refreshed} sealed connections opened, ${snapshots.size} snapshots put in place`,
  )
}, 600_000)
