import { expect, it, onTestFinished, vi } from 'vitest'
import { soak } from '../../bench/soak/soak.js'

it('mixed traffic with random faults loses no write, meets no defect and leaves nothing behind', async () => {
  // The server on the port tells of every connection that a fault has cut off
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  onTestFinished(() => told.mockRestore())
  const tally = await soak({ durationMs: 10_000, seed: 20250115, steps: 100 })
  console.log(`${tally.calls} calls, ${tally.lives} workspaces, ${tally.compared} things compared`)
  expect(tally.lost).toEqual([])
  expect(tally.defects).toEqual([])
  // It has been a soak: something was done, compared, and struck by all kinds of faults
  expect(tally.acknowledged).toBeGreaterThan(0)
  expect(tally.compared).toBeGreaterThan(0)
  expect(tally.faults.size).toBeGreaterThan(5)
}, 120_000)
