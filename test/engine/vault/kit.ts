import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import {
  createVault,
  KeyRing,
  type VaultContext,
  type VaultError,
  type VaultOptions,
} from '../../../src/engine/vault/index.js'

export const context: VaultContext = {
  orgId: '0b5f6a3e-1111-4aaa-8bbb-000000000001',
  connectionId: '0b5f6a3e-2222-4aaa-8bbb-000000000002',
  integrationName: 'slack',
  owner: { scope: 'USER', workspaceId: '0b5f6a3e-3333-4aaa-8bbb-000000000003', endUserId: 'user:123' },
  credentialType: 'OAUTH2',
  field: 'accessToken',
}

/** 32 bytes that look random and are the same at every run. */
export function keyBytes(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(name).digest())
}

export function ringOf(...kids: string[]): KeyRing {
  const ring = new KeyRing()
  for (const kid of kids) ring.add(kid, keyBytes(kid))
  return ring
}

export function vaultOf(options: Partial<VaultOptions> = {}) {
  return createVault({ keys: ringOf('k1'), ...options })
}

export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

export function fixture(name: string) {
  return JSON.parse(readFileSync(new URL(`../../fixtures/vectors/${name}.json`, import.meta.url), 'utf8'))
}

/** What an attempt says when it fails: all that a caller can see of it. */
export async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt
  } catch (error) {
    const { name, message, cause } = error as Error
    return { name, message, cause, ...(error as object) }
  }
  return 'no failure'
}

/** The one error of everything that does not open. */
export const shut = {
  name: 'VaultError',
  code: 'VAULT_OPEN_FAILED',
  message: 'The sealed value does not open',
  cause: undefined,
}

/** What plain JavaScript, or a cast, lets through. */
export const anything = (value: unknown) => value as never

/** How the vault refuses it: always with an error of its own, and without a cause. */
export async function refusalOf(attempt: () => unknown) {
  const failure = await failureOf(Promise.resolve().then(attempt))
  expect(failure).toMatchObject({ name: 'VaultError', message: expect.any(String), cause: undefined })
  return failure as VaultError
}

/** Expects that the vault refuses it with that code, and says so. */
export async function refused(attempt: () => unknown, code: string, saying: string | RegExp): Promise<void> {
  const { code: actual, message } = await refusalOf(attempt)
  expect({ code: actual, message }).toEqual({
    code,
    message: typeof saying === 'string' ? expect.stringContaining(saying) : expect.stringMatching(saying),
  })
}
