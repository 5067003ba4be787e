import { openApiDocument } from '../../../src/mock/openapi/index.js'
import { Checker, recorded, type Fetch } from './checker.js'

let checker: Checker | undefined

/**
 * A `fetch` of which every exchange is held against the OpenAPI document: so each test of the mock is one of the
 * document, too. What differs is thrown at the test that saw it.
 */
export function heldAgainstOpenApi(fetch: Fetch): Fetch {
  checker ??= new Checker(openApiDocument('http://weavz.test'))
  const { violations, knows } = checker
  return async (input, init) => {
    const { fetch: recording, exchanges } = recorded(fetch)
    const response = await recording(input, init)
    for (const exchange of exchanges) {
      if (!knows(exchange)) continue
      const found = await violations(exchange)
      if (found.length > 0) throw new Error(`Not as the OpenAPI document says:\n${found.join('\n')}`)
    }
    return response
  }
}
