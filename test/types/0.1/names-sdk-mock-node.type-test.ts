export { listen } from '@weavz/sdk/mock/node'
export type { ListenOptions, ListeningWeavz } from '@weavz/sdk/mock/node'
