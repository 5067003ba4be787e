/** The modules of peers, which are installed in this folder alone (`npm run bench:install`). */

const missing = new Set<string>()

/** A module that may not be there. Its types are not, either, wherever only the project itself is installed. */
export async function optional(name: string): Promise<any> {
  try {
    return await import(name)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    missing.add(name)
    return undefined
  }
}

/** What the report says of a peer that takes no part. */
export const notInstalled = (name: string) => `${name} is not installed (\`npm run bench:install\`)`

/** What was asked for in vain. */
export const missingPeers = () => Array.from(missing, notInstalled)
