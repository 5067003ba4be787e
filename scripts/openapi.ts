/**
 * Writes the OpenAPI description that the package ships as `@weavz/sdk/openapi.json`. Part of the build.
 *
 *   npx tsx scripts/openapi.ts
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { defaultBaseUrl } from '../src/contract/base-url.js'
import { openApiDocument } from '../src/mock/openapi/index.js'

export const openApiUrl = new URL('../dist/openapi.json', import.meta.url)

/** The text of the file: the same for the same contract, byte for byte. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(defaultBaseUrl), null, 2)}\n`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await mkdir(new URL('.', openApiUrl), { recursive: true })
  await writeFile(openApiUrl, openApiText())
}
