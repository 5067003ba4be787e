import { agentMemory } from './agent-memory.js'
import { agentScratchpad } from './agent-scratchpad.js'
import type { Builtin, Builtins } from './builtin.js'
import { dataTransformer } from './data-transformer.js'
import { datetime } from './datetime.js'
import { hashEncode } from './hash-encode.js'
import { kvStore } from './kv-store.js'
import { sequentialThinking } from './sequential-thinking.js'
import { storage } from './storage.js'

const builtins = new Map<string, Builtins>([
  ['agent-memory', agentMemory],
  ['agent-scratchpad', agentScratchpad],
  ['data-transformer', dataTransformer],
  ['datetime', datetime],
  ['hash-encode', hashEncode],
  ['kv-store', kvStore],
  ['sequential-thinking', sequentialThinking],
  ['storage', storage],
])

/** The implementation of a built-in action, where there is one. */
export function findBuiltin(integrationName: string, actionName: string): Builtin | undefined {
  const actions = builtins.get(integrationName)
  return actions && Object.hasOwn(actions, actionName) ? actions[actionName] : undefined
}
