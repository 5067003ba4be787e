import * as z from 'zod/mini'
import { parse } from '../contract/issues.js'
import { timestamp } from './clock.js'
import type { Engine } from './engine.js'
import { Refusal } from './refusal.js'

const quotaNames = [
  'workspaces',
  'connections',
  'apiKeys',
  'mcpServers',
  'triggers',
  'monthlyActions',
  'sandboxTime',
] as const
/** What a plan limits. */
export type QuotaName = (typeof quotaNames)[number]

/** What is used up rather than held: it begins at nothing with each calendar month, in UTC. */
type MonthlyQuota = Extract<QuotaName, 'monthlyActions' | 'sandboxTime'>
const isMonthly = (name: QuotaName): name is MonthlyQuota =>
  name === 'monthlyActions' || name === 'sandboxTime'

/**
 * Limits of a plan. Null is no limit.
 *
 * `workspaces`, `connections`, `apiKeys`, `mcpServers`, `triggers`: how many there may be at once. `monthlyActions`: how
 * many actions may run in a calendar month (UTC). `sandboxTime`: for how many seconds of it code may run.
 */
export type Quotas = { readonly [Name in QuotaName]?: number | null | undefined }

/** `details` of `QUOTA_EXCEEDED`. */
export interface QuotaDetails {
  readonly quota: QuotaName
  readonly limit: number
  readonly used: number
  /** When a monthly quota begins anew; ISO 8601. */
  readonly resetsAt?: string
}

/** One limit that is set. */
export interface QuotaRow {
  readonly id: QuotaName
  readonly limit: number
}

/** What was used of a monthly quota, in the last month in which anything was: actions, or milliseconds. */
export interface UsageRow {
  readonly id: MonthlyQuota
  /** `2025-01`. */
  readonly month: string
  readonly used: number
}

/** How much is used. */
const meters: Readonly<Record<QuotaName, (engine: Engine) => number>> = {
  workspaces: ({ state }) => state.tables.workspaces.size,
  connections: ({ state }) => state.tables.connections.size,
  apiKeys: ({ state }) => state.tables.apiKeys.size,
  mcpServers: ({ state }) => state.tables.mcpServers.size,
  triggers: ({ state }) => state.tables.triggerSources.size,
  monthlyActions: (engine) => usedThisMonth(engine, 'monthlyActions'),
  sandboxTime: (engine) => usedThisMonth(engine, 'sandboxTime') / 1000,
}

const count = z.optional(z.nullable(z.int().check(z.nonnegative())))
const seconds = z.optional(z.nullable(z.number().check(z.nonnegative())))

/** The shape of `Quotas`. */
export const QuotaLimits = z.strictObject({
  ...(Object.fromEntries(quotaNames.map((name) => [name, count])) as Record<QuotaName, typeof count>),
  sandboxTime: seconds,
})

function monthOf(now: number): string {
  const date = new Date(now)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1]
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
}

function nextMonth(now: number): string {
  const date = new Date(now)
  date.setUTCMonth(date.getUTCMonth() + 1, 1)
  return timestamp(date.setUTCHours(0, 0, 0, 0))
}

function usedThisMonth({ state, clock }: Engine, quota: MonthlyQuota, month = monthOf(clock.now())): number {
  const row = state.tables.usage.get(quota)
  return row?.month === month ? row.used : 0
}

/** @throws TypeError that says what is wrong, and where. */
export function parseQuotas(limits: unknown): Quotas {
  const parsed = parse(QuotaLimits, limits, 'quotas')
  if (parsed.ok) return parsed.value
  throw new TypeError(parsed.issues.map(({ path, message }) => `${path}: ${message}`).join('; '))
}

/** Sets limits; what is not named keeps its own. */
export function setQuotas({ state }: Engine, limits: Quotas): void {
  for (const id of quotaNames) {
    const limit = limits[id]
    if (limit === null) state.tables.quotas.delete(id)
    else if (limit !== undefined) state.tables.quotas.put({ id, limit })
  }
}

/** How much of everything that a plan limits is used, and may be; null where there is no limit. */
export type QuotaUsage = {
  readonly [Name in QuotaName]: { readonly used: number; readonly limit: number | null }
}

export function quotaUsage(engine: Engine): QuotaUsage {
  const { quotas } = engine.state.tables
  const usage = quotaNames.map((name) => [
    name,
    { used: meters[name](engine), limit: quotas.get(name)?.limit ?? null },
  ])
  return Object.fromEntries(usage) as QuotaUsage
}

/**
 * 403 `QUOTA_EXCEEDED` if a quota is used up. The last check before something is created or runs, with nothing awaited
 * in between: of several calls at once no more get through than there is room for.
 */
export function refuseBeyondQuota(engine: Engine, quota: QuotaName): void {
  const limit = engine.state.tables.quotas.get(quota)?.limit
  if (limit === undefined) return
  const used = meters[quota](engine)
  if (used < limit) return
  const details: QuotaDetails = {
    ...{ quota, limit, used },
    ...(isMonthly(quota) && { resetsAt: nextMonth(engine.clock.now()) }),
  }
  throw new Refusal(
    'QUOTA_EXCEEDED',
    `The quota ${quota} of the plan is used up: ${used} of ${limit}`,
    details,
  )
}

function countUse(engine: Engine, id: MonthlyQuota, amount: number): void {
  const month = monthOf(engine.clock.now())
  engine.state.tables.usage.put({ id, month, used: usedThisMonth(engine, id, month) + amount })
}

/** Counts an action that is about to run, whatever comes of it. */
export function countAction(engine: Engine): void {
  countUse(engine, 'monthlyActions', 1)
}

/** Runs code, and counts the time that it takes on the engine's clock, whatever comes of it. */
export async function inSandbox<T>(engine: Engine, code: () => T | Promise<T>): Promise<T> {
  const start = engine.clock.now()
  try {
    return await code()
  } finally {
    // The clock may have been set back meanwhile
    countUse(engine, 'sandboxTime', Math.max(0, engine.clock.now() - start))
  }
}
