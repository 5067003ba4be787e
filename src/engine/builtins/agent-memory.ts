import * as z from 'zod/mini'
import { equalJson } from '../json.js'
import type { Namespace } from '../persistence.js'
import { text, type Builtins } from './builtin.js'
import { shaped } from './shape.js'

const Name = z.string().check(z.minLength(1))
const Entity = z.object({ name: Name, type: z.string(), observations: z._default(z.array(z.string()), []) })
type Entity = z.infer<typeof Entity>
const Relation = z.object({ from: Name, to: Name, type: z.string() })
type Relation = z.infer<typeof Relation>

const Entities = z.object({ entities: z.array(Entity) })
const Additions = z.object({
  observations: z.array(z.object({ entityName: Name, contents: z.array(z.string()) })),
})
const Relations = z.object({ relations: z.array(Relation) })
const Names = z.object({ names: z.array(z.string()) })
const Observations = z.object({ observations: z.array(z.string()) })

/** The graph of a namespace. What is read is never changed in place: what is written replaces it. */
class Graph {
  constructor(private readonly namespace: Namespace) {}

  get entities(): readonly Entity[] {
    return (this.namespace.get('entities') as Entity[] | undefined) ?? []
  }

  set entities(entities: readonly Entity[]) {
    this.namespace.set('entities', entities)
  }

  get relations(): readonly Relation[] {
    return (this.namespace.get('relations') as Relation[] | undefined) ?? []
  }

  set relations(relations: readonly Relation[]) {
    this.namespace.set('relations', relations)
  }

  find(name: string): Entity | undefined {
    return this.entities.find((entity) => entity.name === name)
  }

  refuseUnknown(names: readonly string[]): void {
    const unknown = names.find((name) => !this.find(name))
    if (unknown !== undefined) throw new Error(`There is no entity "${unknown}"`)
  }

  /** The relations that touch one of these entities. */
  touching(names: ReadonlySet<string>): Relation[] {
    return this.relations.filter(({ from, to }) => names.has(from) || names.has(to))
  }
}

const namesOf = (entities: readonly Entity[]) => new Set(entities.map((entity) => entity.name))
const union = (known: readonly string[], added: readonly string[]) => [...new Set([...known, ...added])]

/** `agent-memory`: a graph of entities, what was observed about them, and how they relate. */
export const agentMemory: Builtins = {
  /** Answers the entities that are new; a name that exists keeps what it has. */
  create_entities({ input, namespace }) {
    const graph = new Graph(namespace)
    const known = namesOf(graph.entities)
    const created = shaped(Entities, input).entities.filter(({ name }) => !known.has(name) && known.add(name))
    graph.entities = [...graph.entities, ...created]
    return { entities: created }
  },

  add_observations({ input, namespace }) {
    const graph = new Graph(namespace)
    const { observations } = shaped(Additions, input)
    graph.refuseUnknown(observations.map(({ entityName }) => entityName))
    const touched = new Set(observations.map(({ entityName }) => entityName))
    graph.entities = graph.entities.map((entity) => {
      const added = observations.filter(({ entityName }) => entityName === entity.name)
      const contents = added.flatMap((addition) => addition.contents)
      return added.length === 0 ? entity : { ...entity, observations: union(entity.observations, contents) }
    })
    return { entities: graph.entities.filter(({ name }) => touched.has(name)) }
  },

  /** Answers the relations that are new. */
  create_relations({ input, namespace }) {
    const graph = new Graph(namespace)
    const { relations } = shaped(Relations, input)
    graph.refuseUnknown(relations.flatMap(({ from, to }) => [from, to]))
    const all = [...graph.relations]
    for (const relation of relations) if (!all.some((known) => equalJson(known, relation))) all.push(relation)
    const created = all.slice(graph.relations.length)
    graph.relations = all
    return { relations: created }
  },

  /** Entities whose name, type or observations contain the query, whatever the case, and their relations. */
  search({ input, namespace }) {
    const graph = new Graph(namespace)
    const query = text(input, 'query').toLowerCase()
    const entities = graph.entities.filter(({ name, type, observations }) =>
      [name, type, ...observations].some((words) => words.toLowerCase().includes(query)),
    )
    return { entities, relations: graph.touching(namesOf(entities)) }
  },

  read_graph({ namespace }) {
    const { entities, relations } = new Graph(namespace)
    return { entities, relations }
  },

  get_entity({ input, namespace }) {
    const graph = new Graph(namespace)
    const name = text(input, 'name')
    return { entity: graph.find(name) ?? null, relations: graph.touching(new Set([name])) }
  },

  /** Their relations go, too. */
  delete_entities({ input, namespace }) {
    const graph = new Graph(namespace)
    const names = new Set(shaped(Names, input).names)
    const left = graph.entities.filter(({ name }) => !names.has(name))
    const deleted = graph.entities.length - left.length
    graph.relations = graph.relations.filter(({ from, to }) => !names.has(from) && !names.has(to))
    graph.entities = left
    return { deleted }
  },

  delete_observations({ input, namespace }) {
    const graph = new Graph(namespace)
    const gone = new Set(shaped(Observations, input).observations)
    const name = text(input, 'entityName')
    let deleted = 0
    graph.entities = graph.entities.map((entity) => {
      if (entity.name !== name) return entity
      const left = entity.observations.filter((observation) => !gone.has(observation))
      deleted = entity.observations.length - left.length
      return { ...entity, observations: left }
    })
    return { deleted }
  },

  delete_relations({ input, namespace }) {
    const graph = new Graph(namespace)
    const { relations: gone } = shaped(Relations, input)
    const left = graph.relations.filter((known) => !gone.some((relation) => equalJson(known, relation)))
    const deleted = graph.relations.length - left.length
    graph.relations = left
    return { deleted }
  },
}
