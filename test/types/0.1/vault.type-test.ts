import { KeyRing, Redactor, Secret, VaultError, createVault, keyFromText } from '@weavz/sdk/vault'
import type { SealedStore, Vault, VaultContext } from '@weavz/sdk/vault'
import { isA } from '../expect.js'

const context: VaultContext = {
  orgId: 'org',
  connectionId: 'c',
  integrationName: 'slack',
  owner: { scope: 'USER', workspaceId: 'w', endUserId: null },
  credentialType: 'OAUTH2',
  field: 'accessToken',
}

export async function keeps(store: SealedStore): Promise<void> {
  const keys = new KeyRing().add('k1', keyFromText('text')).add('k2', async () => new Uint8Array(32))
  isA<Uint8Array>()(keyFromText(undefined))
  const vault: Vault = createVault({ keys })
  const sealed = await vault.seal('secret', context)
  isA<string>()(sealed)
  isA<Secret>()(new Secret('text'))
  const secret = await vault.open(sealed, context, 'execute')
  isA<string>()(secret.reveal())
  isA<Redactor>()(new Redactor())
  isA<string>()(vault.redactor.text('text'))
  for (const { field, purpose } of vault.openings.list()) isA<string | null>()(field ?? purpose)

  await keys.promote('k2')
  const { complete, failed } = await vault.reseal(store, { signal: AbortSignal.timeout(1000) })
  isA<boolean>()(complete)
  isA<readonly string[]>()(failed)
  await keys.retire('k1', store)
}

export function failed(error: unknown): void {
  if (error instanceof VaultError && error.code === 'VAULT_OPEN_FAILED') isA<Error>()(error)
}
