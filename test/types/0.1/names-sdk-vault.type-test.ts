export { KeyRing, Redactor, Secret, VaultError, createVault, keyFromText } from '@weavz/sdk/vault'
export type {
  KeySource,
  KeyState,
  Opening,
  Openings,
  Purpose,
  ResealOptions,
  ResealResult,
  SealedEntry,
  SealedStore,
  Vault,
  VaultContext,
  VaultErrorCode,
  VaultOptions,
  VaultOwner,
} from '@weavz/sdk/vault'
