import type { CatalogEntry } from '../../engine/catalog/entry.js'
import type { Engine } from '../../engine/engine.js'
import { isUuid } from '../../engine/ids.js'
import { create, refused } from './seed-create.js'
import { entryOf, type ParsedSeed } from './seed-references.js'
import { SeedError, sections, type Ids, type RawEntry, type Section } from './seed-schema.js'

/** Chooses all ids, so that they are known before anything is stored. @throws SeedError for a pinned one that is none. */
export function chooseIds({ ids }: Engine, seed: ParsedSeed): Ids {
  const taken = new Set<string>()
  const choose = (section: Section) =>
    Object.entries(seed[section] ?? {}).map(([name, { id = ids.uuid() }]) => {
      const path = `seed.${section}.${name}.id`
      if (typeof id !== 'string' || !isUuid(id)) throw new SeedError(path, 'Expected a UUID in lower case')
      if (taken.has(id)) throw new SeedError(path, 'Is the id of something else, too')
      taken.add(id)
      return [name, id] as const
    })
  return Object.fromEntries(
    sections.map((section) => [section, Object.fromEntries(choose(section))]),
  ) as unknown as Ids
}

/**
 * Adds to the catalog what the seed says that it lacks.
 *
 * @throws SeedError for what is no integration.
 */
export function registerIntegrations({ catalog }: Engine, { integrations = {} }: ParsedSeed): void {
  for (const [name, given] of Object.entries(integrations)) {
    const known = catalog.get(name)
    const triggers = Object.entries((given['triggers'] ?? {}) as Record<string, RawEntry>)
    const entry = {
      ...known,
      ...given,
      actions: { ...known?.actions, ...(given['actions'] as object | undefined) },
      triggers: {
        ...known?.triggers,
        ...Object.fromEntries(triggers.map(([trigger, each]) => [trigger, { input: {}, ...each }])),
      },
    }
    try {
      // Checked there, like one that a test registers
      catalog.register(name, entry as CatalogEntry)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw new SeedError(`seed.integrations.${name}`, error.message)
    }
  }
}

/**
 * Brings a seed into an engine. Waits only where credentials are sealed: without connections all of it is there when
 * this returns.
 *
 * @param baseUrl Where this Weavz is reached.
 * @param onDone Called as soon as all of it is there.
 * @throws SeedError for names that nothing has, and whatever the API would refuse.
 */
export async function applySeed(
  engine: Engine,
  seed: ParsedSeed,
  ids: Ids,
  baseUrl: string,
  onDone: () => void,
): Promise<void> {
  for (const section of sections) {
    for (const [name, raw] of Object.entries(seed[section] ?? {})) {
      const entry = entryOf(seed, ids, section, name, raw)
      try {
        const created = create[section](engine, entry, baseUrl)
        if (created instanceof Promise) await created
      } catch (error) {
        throw refused(entry, error)
      }
    }
  }
  onDone()
}

/** Looks every name up. @throws SeedError */
export function checkReferences(seed: ParsedSeed, ids: Ids): void {
  for (const section of sections) {
    for (const [name, raw] of Object.entries(seed[section] ?? {})) entryOf(seed, ids, section, name, raw)
  }
}
