import { open, readFile } from 'node:fs/promises'
import { keyFromText } from '../../engine/vault/index.js'
import { DataFileError, isCode, reasonOf } from './trouble.js'

function parsed(text: string, where: string): Uint8Array {
  try {
    return keyFromText(text.trim())
  } catch (error) {
    // What the vault says is about the form of the text, never the text
    throw new DataFileError(`${where} holds no vault key: ${(error as Error).message}.`, { cause: error })
  }
}

/** 32 new random bytes, on disk before anything is sealed under them. */
async function create(file: string): Promise<Uint8Array> {
  const key = crypto.getRandomValues(new Uint8Array(32))
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(`${Buffer.from(key).toString('base64url')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return key
}

/**
 * The key that the credentials in a data file are sealed under: that of the environment variable `WEAVZ_VAULT_KEY`,
 * else that of the key file beside the data file (`FILE.key`, readable by its owner alone), made up with a new data file.
 *
 * @throws DataFileError
 */
export async function vaultKeyOf(dataFile: string, exists: boolean, fromEnv: string | undefined) {
  if (fromEnv) return parsed(fromEnv, 'WEAVZ_VAULT_KEY')
  const file = `${dataFile}.key`
  try {
    return parsed(await readFile(file, 'utf8'), file)
  } catch (error) {
    if (error instanceof DataFileError) throw error
    if (!isCode(error, 'ENOENT')) {
      throw new DataFileError(`${file} cannot be read: ${reasonOf(error)}.`, { cause: error })
    }
  }
  if (exists) {
    throw new DataFileError(
      `The vault key of ${dataFile} is missing: put it into ${file} or WEAVZ_VAULT_KEY.`,
    )
  }
  try {
    return await create(file)
  } catch (error) {
    throw new DataFileError(`${file} cannot be written: ${reasonOf(error)}.`, { cause: error })
  }
}
