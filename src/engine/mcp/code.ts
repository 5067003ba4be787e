import type { ApprovalRequired } from '../../contract/actions.js'
import type { ExecuteMcpCode, McpCodeResult } from '../../contract/mcp-servers.js'
import type { JsonObject } from '../../contract/schema.js'
import { getApprovalRow } from '../approvals/requests.js'
import { waitForDecision } from '../approvals/wait.js'
import type { Engine } from '../engine.js'
import { failureText } from '../failure.js'
import { copyJson, toJson } from '../json.js'
import { inSandbox, refuseBeyondQuota } from '../quotas.js'
import { Refusal } from '../refusal.js'
import type { McpCodeRunRow } from '../rows.js'
import { key } from '../table.js'
import { callTool } from './call.js'
import type { McpCaller } from './callers.js'
import { namedTools, type NamedTool } from './surface.js'

/** The tools of a server as code sees them: by namespace, then by action. */
export type CodeTools = Readonly<Record<string, Readonly<Record<string, Call>>>>

type Call = (input?: JsonObject) => Promise<unknown>

/** What plays the sandbox of code mode gets. */
export interface CodeRun {
  /** The JavaScript to run. */
  readonly code: string
  /** The global `weavz` of that code: `weavz.google_sheets.read_sheet({ … })`, as its declarations say. */
  readonly weavz: CodeTools
  /** Adds a line to the logs of the run. */
  readonly log: (line: string) => void
  readonly workspaceId: string
  /** External id of the end user that the run is for. */
  readonly endUserId: string | null
}

/** Plays the sandbox of code mode: its result is the output of the run, what it throws is how the run failed. */
export type CodeHandler = (run: CodeRun) => unknown

/** Thrown through the code, which must not go on: a person decides first. */
class ApprovalPause extends Error {
  override readonly name = 'ApprovalPause'

  constructor(readonly required: ApprovalRequired) {
    super('An approval is required')
  }
}

interface Trace {
  readonly tool: string
  readonly status: 'completed' | 'failed' | 'approval_required'
  readonly durationMs: number
}

/** One attempt at a run. Calls that an earlier attempt has made are not made again: their outputs are replayed. */
class Attempt {
  readonly logs: string[] = []
  readonly actions: Trace[] = []
  readonly outputs: Record<string, unknown>
  pause: ApprovalPause | undefined
  #calls = 0

  constructor(
    readonly engine: Engine,
    readonly caller: McpCaller,
    readonly runId: string,
    earlier: Readonly<Record<string, unknown>>,
  ) {
    this.outputs = { ...earlier }
  }

  tools(): CodeTools {
    // Without prototype: an alias may be called constructor
    const tools = Object.create(null) as Record<string, Record<string, Call>>
    for (const action of namedTools(this.engine, this.caller.server).values()) {
      const own = (tools[action.namespace] ??= Object.create(null) as Record<string, Call>)
      own[action.tool.actionName] = (input = {}) => this.#call(action, input)
    }
    return tools
  }

  async #call(action: NamedTool, input: JsonObject): Promise<unknown> {
    const at = this.#calls++
    if (Object.hasOwn(this.outputs, at)) return copyJson(this.outputs[at])
    const { clock } = this.engine
    const start = clock.now()
    const trace = (status: Trace['status']) =>
      this.actions.push({ tool: action.name, status, durationMs: clock.now() - start })
    try {
      // As it would leave a sandbox: what the code does with the object later is no part of this call
      const sent = toJson(input) as JsonObject
      const result = await callTool(this.engine, this.caller, action, sent, {
        source: 'mcp_code',
        idempotencyKey: key('run', this.runId, String(at)),
      })
      if (!result.success) throw (this.pause = new ApprovalPause(result))
      trace('completed')
      this.outputs[at] = result.output
      return copyJson(result.output)
    } catch (error) {
      trace(error === this.pause ? 'approval_required' : 'failed')
      throw error
    }
  }
}

/** What an attempt came to: the end of the run, or an approval that it needs first. */
type Outcome =
  { readonly result: McpCodeResult } | { readonly waitsFor: string; readonly soFar: () => McpCodeResult }

/** An attempt to continue a run. Whoever continues the same run meanwhile gets the same outcome. */
export interface Continuation {
  readonly run: McpCodeRunRow
  readonly outcome: Promise<Outcome>
}

/**
 * Runs code with the handler that the test gave. A run that needs an approval ends unless it is decided while the call
 * waits. When it is continued, it is told again from the start, with the outputs that it has already had.
 */
export async function executeCode(
  engine: Engine,
  caller: McpCaller,
  { code, approvalId = '', waitForApprovalSeconds }: ExecuteMcpCode,
): Promise<McpCodeResult> {
  const { server, signal } = caller
  const seconds = waitForApprovalSeconds ?? server.settings.codeMode?.approvalWaitSeconds ?? 0
  // How long the call stays open for decisions, however many it needs
  const deadline = engine.clock.now() + seconds * 1000
  let outcome = await (code === undefined ? proceed(engine, caller, approvalId) : begin(engine, caller, code))
  while ('waitsFor' in outcome && (await waitForDecision(engine, outcome.waitsFor, deadline, signal))) {
    outcome = await proceed(engine, caller, outcome.waitsFor)
  }
  return 'waitsFor' in outcome ? outcome.soFar() : outcome.result
}

function begin(engine: Engine, caller: McpCaller, code: string): Promise<Outcome> {
  const { server, endUserId = null } = caller
  const id = engine.ids.uuid()
  return attemptRun(engine, caller, {
    ...{ id, mcpServerId: server.id, endUserId, approvalId: null, code, outputs: {} },
  })
}

/** Continues the run that waits for an approval. Of calls at the same time one does so, for all of them. */
async function proceed(engine: Engine, caller: McpCaller, approvalId: string): Promise<Outcome> {
  const { continuing } = engine.approvals
  const running = continuing.get(approvalId)
  const run = running?.run ?? engine.state.tables.mcpCodeRuns.find('approval', approvalId)
  if (!run || !mayContinue(caller, run)) {
    throw new Refusal('APPROVAL_NOT_FOUND', 'No run of this server waits for that approval')
  }
  if (running) return running.outcome
  refuseUndone(engine, approvalId)
  const outcome = attemptRun(engine, { ...caller, endUserId: run.endUserId ?? undefined }, run)
  const ended = outcome.finally(() => continuing.delete(approvalId))
  continuing.set(approvalId, { run, outcome: ended })
  return ended
}

/** What a run has learnt so far belongs to its end user. An API key may act for each of them. */
function mayContinue({ server, requestedBy, endUserId }: McpCaller, run: McpCodeRunRow): boolean {
  const isOwn = requestedBy?.type === 'api_key' || (endUserId ?? null) === run.endUserId
  return run.mcpServerId === server.id && isOwn
}

/** A run whose approval was not given has ended: to go on would only ask again. */
function refuseUndone(engine: Engine, approvalId: string): void {
  const { status } = getApprovalRow(engine, approvalId)
  if (status === 'pending' || status === 'approved') return
  throw new Refusal('ACTION_FAILED', `The run was not approved: the request is ${status}`)
}

async function attemptRun(engine: Engine, caller: McpCaller, run: McpCodeRunRow): Promise<Outcome> {
  const handler = engine.actions.code
  if (!handler) {
    throw new Refusal(
      'ACTION_FAILED',
      'The mock runs no code: it has no sandbox. Give it a handler, weavz.onExecuteCode(handler)',
    )
  }
  refuseBeyondQuota(engine, 'sandboxTime')
  const { mcpCodeRuns } = engine.state.tables
  // Nobody can continue it from where it was before: what it does from now on would be done again
  mcpCodeRuns.delete(run.id)
  const start = engine.clock.now()
  const attempt = new Attempt(engine, caller, run.id, run.outputs)
  const result = (status: string, text: string, fields: JsonObject): McpCodeResult => ({
    content: [{ type: 'text', text }],
    structuredContent: {
      status,
      ...fields,
      ...{ logs: attempt.logs, actions: attempt.actions, durationMs: engine.clock.now() - start },
    },
    isError: status === 'failed',
  })
  try {
    const given = await inSandbox(engine, () =>
      handler({
        code: run.code,
        weavz: attempt.tools(),
        log: (line) => void attempt.logs.push(engine.vault.redactor.text(line)),
        workspaceId: caller.server.workspaceId,
        endUserId: run.endUserId,
      }),
    )
    // Code may have caught the pause like any error, and must not pass for finished
    if (!attempt.pause) {
      const output = toJson(given)
      return { result: result('completed', JSON.stringify(output), { output }) }
    }
  } catch (error) {
    if (!attempt.pause) {
      const text = failureText(engine, error)
      return { result: result('failed', text, { error: text }) }
    }
  }
  const { approval } = attempt.pause.required
  mcpCodeRuns.put({ ...run, approvalId: approval.id, outputs: attempt.outputs })
  const text = 'A person must approve first: continue with approvalId afterwards'
  const fields = { approval, continue: { approvalId: approval.id } }
  return { waitsFor: approval.id, soFar: () => result('approval_required', text, fields) }
}
