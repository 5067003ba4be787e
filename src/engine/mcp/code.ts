import type { ApprovalRequired } from '../../contract/actions.js'
import type { ExecuteMcpCode, McpCodeResult } from '../../contract/mcp-servers.js'
import type { JsonObject } from '../../contract/schema.js'
import { getApprovalRow } from '../approvals/requests.js'
import { waitForDecision } from '../approvals/wait.js'
import type { Engine } from '../engine.js'
import { failureText } from '../failure.js'
import { toJson } from '../json.js'
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
    if (Object.hasOwn(this.outputs, at)) return structuredClone(this.outputs[at])
    const { clock } = this.engine
    const start = clock.now()
    const trace = (status: Trace['status']) =>
      this.actions.push({ tool: action.name, status, durationMs: clock.now() - start })
    try {
      const result = await callTool(this.engine, this.caller, action, input, {
        source: 'mcp_code',
        idempotencyKey: key('run', this.runId, String(at)),
      })
      if (!result.success) throw (this.pause = new ApprovalPause(result))
      trace('completed')
      this.outputs[at] = result.output
      return structuredClone(result.output)
    } catch (error) {
      trace(error === this.pause ? 'approval_required' : 'failed')
      throw error
    }
  }
}

type CodeOrApproval = Pick<ExecuteMcpCode, 'code' | 'approvalId'>

/** The run that waits for that approval, and its code; or a new run. */
function runOf(engine: Engine, { server }: McpCaller, { code, approvalId }: CodeOrApproval): McpCodeRunRow {
  if (code !== undefined) {
    return { id: engine.ids.uuid(), mcpServerId: server.id, approvalId: null, code, outputs: {} }
  }
  const run = engine.state.tables.mcpCodeRuns.find('approval', approvalId ?? '')
  if (run?.mcpServerId !== server.id) {
    throw new Refusal('APPROVAL_NOT_FOUND', 'No run of this server waits for that approval')
  }
  return run
}

/** A run whose approval was not given has ended: to go on would only ask again. */
function refuseUndone(engine: Engine, { id, approvalId }: McpCodeRunRow): void {
  if (approvalId === null) return
  const { status } = getApprovalRow(engine, approvalId)
  if (status === 'pending' || status === 'approved') return
  engine.state.tables.mcpCodeRuns.delete(id)
  throw new Refusal('ACTION_FAILED', `The run was not approved: the request is ${status}`)
}

/**
 * Runs code with the handler that the test gave. A run that needs an approval ends unless it is decided while the call
 * waits. When it is continued, it is told again from the start, with the outputs that it has already had.
 */
export function executeCode(engine: Engine, caller: McpCaller, body: ExecuteMcpCode): Promise<McpCodeResult> {
  const { approvalWaitSeconds = 0 } = caller.server.settings.codeMode ?? {}
  const seconds = body.waitForApprovalSeconds ?? approvalWaitSeconds
  return executeUntil(engine, caller, body, engine.clock.now() + seconds * 1000)
}

/** @param deadline How long the call stays open for decisions, however many it needs. */
async function executeUntil(
  engine: Engine,
  caller: McpCaller,
  body: CodeOrApproval,
  deadline: number,
): Promise<McpCodeResult> {
  const handler = engine.actions.code
  if (!handler) {
    throw new Refusal(
      'ACTION_FAILED',
      'The mock runs no code: it has no sandbox. Give it a handler, weavz.onExecuteCode(handler)',
    )
  }
  const run = runOf(engine, caller, body)
  refuseUndone(engine, run)
  refuseBeyondQuota(engine, 'sandboxTime')
  const { server, endUserId = null } = caller
  const start = engine.clock.now()
  const attempt = new Attempt(engine, caller, run.id, run.outputs)
  const { mcpCodeRuns } = engine.state.tables
  const result = (status: string, text: string, fields: JsonObject) => ({
    content: [{ type: 'text', text }],
    structuredContent: {
      status,
      ...fields,
      ...{ logs: attempt.logs, actions: attempt.actions, durationMs: engine.clock.now() - start },
    },
    isError: status === 'failed',
  })
  mcpCodeRuns.delete(run.id)
  try {
    const given = await inSandbox(engine, () =>
      handler({
        code: run.code,
        weavz: attempt.tools(),
        log: (line) => void attempt.logs.push(engine.vault.redactor.text(line)),
        workspaceId: server.workspaceId,
        endUserId,
      }),
    )
    // Code may have caught the pause like any error, and must not pass for finished
    if (!attempt.pause) {
      const output = toJson(given)
      return result('completed', JSON.stringify(output), { output })
    }
  } catch (error) {
    if (!attempt.pause) {
      const text = failureText(engine, error)
      return result('failed', text, { error: text })
    }
  }
  const { approval } = attempt.pause.required
  mcpCodeRuns.put({ ...run, approvalId: approval.id, outputs: attempt.outputs })
  if (await waitForDecision(engine, approval.id, deadline)) {
    return executeUntil(engine, caller, { approvalId: approval.id }, deadline)
  }
  return result('approval_required', 'A person must approve first: continue with approvalId afterwards', {
    approval,
    continue: { approvalId: approval.id },
  })
}
