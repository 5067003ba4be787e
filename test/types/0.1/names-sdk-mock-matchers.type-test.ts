export { weavzMatchers } from '@weavz/sdk/mock/matchers'
export type { WeavzMatchers } from '@weavz/sdk/mock/matchers'
