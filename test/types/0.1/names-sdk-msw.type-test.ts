export { weavzHandlers } from '@weavz/sdk/msw'
export type { WeavzHandlersOptions } from '@weavz/sdk/msw'
