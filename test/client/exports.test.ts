import { expect, test } from 'vitest'
import * as sdk from '../../src/index.js'

test('the public names of @weavz/sdk: adding one is a minor release, removing one a major', () => {
  expect(Object.keys(sdk).sort()).toEqual([
    'AuthenticationError',
    'ConflictError',
    'ConnectionRequiredError',
    'NotFoundError',
    'PermissionDeniedError',
    'RateLimitError',
    'ServerError',
    'ValidationError',
    'WeavzAbortError',
    'WeavzApiError',
    'WeavzClient',
    'WeavzConnectError',
    'WeavzError',
    'WeavzNetworkError',
    'WeavzResponseError',
    'WeavzTimeoutError',
    'isWeavzError',
    'parseApprovalEvent',
    'parseTriggerEvent',
  ])
})
