import {
  AuthenticationError,
  ConflictError,
  ConnectionRequiredError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ServerError,
  ValidationError,
  WeavzAbortError,
  WeavzApiError,
  WeavzConnectError,
  WeavzError,
  WeavzNetworkError,
  WeavzResponseError,
  WeavzTimeoutError,
  isWeavzError,
} from '@weavz/sdk'
import { parseApprovalEvent, parseTriggerEvent } from '@weavz/sdk'
import { isA } from '../expect.js'

export function told(error: unknown): void {
  if (isWeavzError(error, 'CONNECTION_REQUIRED')) isA<string | undefined>()(error.integrationName)
  if (isWeavzError(error, 'DUPLICATE')) isA<'DUPLICATE'>()(error.code)
  if (error instanceof WeavzError || isWeavzError(error)) {
    isA<Error>()(error)
    isA<string>()(error.code)
    isA<string | undefined>()(error.hint)
    isA<string | undefined>()(error.endpoint)
    isA<number | undefined>()(error.attempts)
  }
  if (error instanceof WeavzApiError) {
    isA<WeavzError>()(error)
    isA<number>()(error.status)
    isA<string | undefined>()(error.requestId)
    isA<unknown>()(error.details)
  }
  if (error instanceof ValidationError) {
    for (const { path, message } of error.issues) isA<string>()(path + message)
  }
  if (error instanceof ConnectionRequiredError && error.reason === 'END_USER_NOT_CONNECTED') {
    isA<string | undefined>()(error.endUserId)
  }
  if (error instanceof RateLimitError) isA<number | undefined>()(error.retryAfterMs)
  if (error instanceof AuthenticationError) isA<401>()(error.status)
  if (error instanceof PermissionDeniedError) isA<403>()(error.status)
  if (error instanceof NotFoundError) isA<404>()(error.status)
  if (error instanceof ConflictError) isA<409>()(error.status)
  if (error instanceof ServerError) isA<WeavzApiError>()(error)
  if (error instanceof WeavzResponseError) isA<unknown>()(error.raw)
  if (error instanceof WeavzConnectError) isA<boolean>()(error.sessionMayStillComplete)
  for (const Class of [WeavzNetworkError, WeavzTimeoutError, WeavzAbortError]) {
    if (error instanceof Class) isA<WeavzError>()(error)
  }
}

export async function received(request: Request): Promise<void> {
  const event = await parseTriggerEvent(request, (data) => String(data))
  isA<string>()(event.data)
  isA<string>()(event.triggerName)
  isA<object>()(await parseApprovalEvent('{}'))
}
