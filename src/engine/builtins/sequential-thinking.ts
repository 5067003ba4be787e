import { text, type BuiltinCall, type Builtins } from './builtin.js'

interface Thought {
  readonly id: number
  readonly content: string
  readonly branchName: string | null
  /** The thought that this one follows or branches off. */
  readonly parentId: number | null
  readonly revised: boolean
}

const chainOf = ({ input, namespace }: BuiltinCall) =>
  (namespace.get(text(input, 'chainId')) as readonly Thought[] | undefined) ?? []

function refuseUnknown(call: BuiltinCall): number {
  const id = call.input.thoughtId as number
  if (chainOf(call).some((thought) => thought.id === id)) return id
  throw new Error(`Chain "${text(call.input, 'chainId')}" has no thought ${id}`)
}

function append(call: BuiltinCall, branchName: string | null, parentId: number | null) {
  const chain = chainOf(call)
  const chainId = text(call.input, 'chainId')
  const content = text(call.input, 'content')
  const thought: Thought = { id: chain.length + 1, content, branchName, parentId, revised: false }
  call.namespace.set(chainId, [...chain, thought])
  return { chainId, thought }
}

const isMain = (thought: Thought) => thought.branchName === null

/** `sequential-thinking`: chains of thoughts, numbered from 1, with branches and revisions. */
export const sequentialThinking: Builtins = {
  add_thought: (call) => append(call, null, chainOf(call).findLast(isMain)?.id ?? null),

  branch_thought: (call) => append(call, text(call.input, 'branchName'), refuseUnknown(call)),

  revise_thought(call) {
    const id = refuseUnknown(call)
    const chainId = text(call.input, 'chainId')
    const content = text(call.input, 'content')
    const chain = chainOf(call).map((thought) =>
      thought.id === id ? { ...thought, content, revised: true } : thought,
    )
    call.namespace.set(chainId, chain)
    return { chainId, thought: chain[id - 1] }
  },

  get_chain(call) {
    const thoughts = chainOf(call).filter((thought) => call.input.includeBranches === true || isMain(thought))
    return { chainId: text(call.input, 'chainId'), thoughts }
  },

  /** The thoughts as numbered lines, branches with their names. */
  summarize_chain(call) {
    const chain = chainOf(call)
    const lines = chain.map(
      ({ id, content, branchName }) => `${id}. ${branchName === null ? '' : `[${branchName}] `}${content}`,
    )
    return { chainId: text(call.input, 'chainId'), summary: lines.join('\n'), count: chain.length }
  },
}
