import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const text = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const guide = text('docs/encryption.md')
const matches = (within: string, pattern: RegExp) => [...within.matchAll(pattern)].map(([, code]) => code)

it('docs/encryption.md says of every code of the vault when it comes and what to do', () => {
  const codes = matches(text('src/engine/vault/errors.ts'), /^ {2}(VAULT_\w+):/gm)
  expect(codes).toContain('VAULT_OPEN_FAILED')
  expect(matches(guide, /^\| `(VAULT_\w+)` \| .+ \| .+ \|$/gm)).toEqual(codes)
})

it('docs/encryption.md has no code of TypeScript that is not run', () => {
  expect(matches(guide, /^```(ts.*)$/gm).filter((kind) => kind !== 'ts run')).toEqual([])
})
