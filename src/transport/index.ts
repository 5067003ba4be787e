export { Transport, type CallInput } from './transport.js'
export type { RawRequest } from './call.js'
export type { Hooks, InvalidResponseEvent, RequestEvent, ResponseEvent, RetryEvent } from './hooks.js'
export { checkNames, defaultTimeoutMs, invalidOption } from './options.js'
export type {
  ApiKey,
  Fetch,
  HeaderOptions,
  RequestOptions,
  TransportOptions,
  ValidationMode,
} from './options.js'
export type { APIPromise, ListPromise, WithResponse } from './promise.js'
export { systemRuntime, type Runtime } from './retry.js'
export {
  AuthenticationError,
  ConflictError,
  ConnectionRequiredError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ServerError,
  ValidationError,
  WeavzApiError,
} from './api-errors.js'
export {
  WeavzAbortError,
  WeavzConnectError,
  WeavzError,
  WeavzNetworkError,
  WeavzResponseError,
  WeavzTimeoutError,
  isWeavzError,
  type ClientErrorCode,
  type WeavzErrorCode,
} from './errors.js'
export { issuesOf } from './validate.js'
