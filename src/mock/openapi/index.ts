export { openApiDocument } from './document.js'
export type { OpenApiDocument } from './types.js'
