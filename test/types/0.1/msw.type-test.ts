import type { HttpHandler } from 'msw'
import { createMockWeavz } from '@weavz/sdk/mock'
import { weavzHandlers } from '@weavz/sdk/msw'
import { isA } from '../expect.js'

export const handlers = weavzHandlers(createMockWeavz(), { baseUrl: 'https://proxy.example/weavz' })
isA<HttpHandler[]>()(handlers)
