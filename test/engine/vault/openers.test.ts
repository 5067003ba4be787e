import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { VaultContext } from '../../../src/engine/vault/index.js'
import { context, failureOf, keyBytes, ringOf, shut, vaultOf } from './kit.js'

const none = { async *list() {} }

describe('a value that is opened again', () => {
  it('opens without deriving its keys a third time, and is recorded as an opening each time', async () => {
    const vault = vaultOf()
    const sealed = await vault.seal('credential', context)
    const derive = vi.spyOn(crypto.subtle, 'deriveBits')
    try {
      for (let i = 0; i < 4; i++) {
        expect((await vault.open(sealed, { ...context }, 'execute')).reveal()).toBe('credential')
      }
      expect(derive).toHaveBeenCalledTimes(2)
    } finally {
      derive.mockRestore()
    }
    expect(vault.openings.count).toBe(4)
  })

  it('stays shut in every other place', async () => {
    const vault = vaultOf()
    const sealed = await vault.seal('credential', context)
    for (let i = 0; i < 2; i++) await vault.open(sealed, context, 'execute')
    for (const other of [
      { ...context, orgId: null },
      { ...context, connectionId: context.orgId },
      { ...context, integrationName: 'slac' },
      { ...context, owner: null },
      { ...context, credentialType: '' },
      { ...context, field: 'refreshToken' },
    ]) {
      expect(await failureOf(vault.open(sealed, other, 'execute'))).toEqual(shut)
    }
    expect((await vault.open(sealed, context, 'execute')).reveal()).toBe('credential')
  })

  it('is refused in what is no place', async () => {
    const vault = vaultOf()
    const sealed = await vault.seal('credential', context)
    for (let i = 0; i < 2; i++) await vault.open(sealed, context, 'execute')
    for (const none of [
      undefined,
      null,
      'slack',
      { ...context, orgId: 5 },
      { ...context, field: '\ud800' },
      { ...context, integrationName: 'x'.repeat(2000) },
      { ...context, owner: { scope: 'USER', workspaceId: 'a:b', endUserId: 'c' } },
    ]) {
      const refused = vault.open(sealed, none as VaultContext, 'execute')
      expect(await failureOf(refused)).toMatchObject({ code: 'VAULT_INVALID_CONTEXT' })
    }
  })

  it('stays shut when one bit of it differs', async () => {
    const vault = vaultOf()
    const sealed = await vault.seal('credential', context)
    for (let i = 0; i < 2; i++) await vault.open(sealed, context, 'execute')
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(6), async (at, bit) => {
        const flipped = String.fromCharCode(sealed.charCodeAt(at) ^ (1 << bit))
        const forged = sealed.slice(0, at) + flipped + sealed.slice(at + 1)
        expect(await failureOf(vault.open(forged, context, 'execute'))).toEqual(shut)
      }),
    )
  })

  it('stays shut once its key is retired', async () => {
    const keys = ringOf('old', 'new')
    const vault = vaultOf({ keys })
    const sealed = await vault.seal('credential', context)
    for (let i = 0; i < 2; i++) await vault.open(sealed, context, 'execute')
    await keys.promote('new')
    await keys.retire('old', none)
    expect(await failureOf(vault.open(sealed, context, 'execute'))).toEqual(shut)
  })

  it('opens the same after more values than are kept, in whatever order', async () => {
    const vault = vaultOf()
    const fields = Array.from({ length: 300 }, (_, i) => ({ ...context, field: `props.f${i}` }))
    const sealed = await Promise.all(fields.map((place, i) => vault.seal(`value ${i}`, place)))
    const order = [...sealed.keys(), ...sealed.keys()].sort((a, b) => ((a * 7919) % 300) - ((b * 7919) % 300))
    for (const i of [...order, ...order.toReversed(), ...order]) {
      const opened = await vault.open(sealed[i] as string, fields[i] as typeof context, 'execute')
      expect(opened.reveal()).toBe(`value ${i}`)
    }
  })

  it('shows neither key nor plaintext when the vault is printed', async () => {
    const vault = vaultOf()
    await vault.open(await vault.seal('credential-in-the-vault', context), context, 'execute')
    const { inspect } = await import('node:util')
    const shown = inspect(vault, { depth: 20, showHidden: true }) + JSON.stringify(vault)
    expect(shown).not.toContain('credential-in-the-vault')
    expect(shown).not.toContain(Buffer.from(keyBytes('k1')).toString('hex'))
  })
})
