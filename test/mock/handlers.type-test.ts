/**
 * Checked by the compiler alone: a handler table with a hole, or with an answer that the contract does not declare,
 * must not compile. An expected error that does not come is an error itself.
 */
import type { EndpointId } from '../../src/contract/index.js'
import type { Handlers } from '../../src/mock/handler.js'
import { handlers } from '../../src/mock/handlers.js'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** A handler for every endpoint of the contract, and for nothing else. */
export const complete: Same<keyof Handlers, EndpointId> = true

const { 'workspaces.create': create, 'connect.poll': poll, 'endUsers.delete': remove, ...others } = handlers

export const whole: Handlers = {
  ...others,
  'workspaces.create': create,
  'connect.poll': poll,
  'endUsers.delete': remove,
}

// @ts-expect-error one handler is missing
export const withHole: Handlers = { ...others, 'workspaces.create': create, 'connect.poll': poll }

export const wrong: Partial<Handlers> = {
  // @ts-expect-error the contract declares 201
  'workspaces.create': (engine, request) => ({
    ...(create(engine, request) as object),
    status: 200 as const,
  }),

  // @ts-expect-error the resource sits under its name
  'workspaces.get': () => ({ status: 200, body: { id: 'x' } }),

  // @ts-expect-error a field is missing
  'endUsers.delete': (_, { params }) => ({ status: 200, body: { deleted: true, id: params.id } }),

  // @ts-expect-error a field is of a wrong type
  'integrations.oauthStatus': () => ({ status: 200, body: { configured: 'slack' } }),

  // @ts-expect-error the path has no such parameter
  'workspaces.delete': (_, { params }) => ({ status: 200, body: { deleted: true, id: params.workspaceId } }),

  // @ts-expect-error the body has no such field
  'connections.resolve': (_, { body }) => ({ status: 200, body: { connection: body.connection } }),
}

export const foreign: Partial<Handlers> = {
  // @ts-expect-error no such endpoint
  'workspaces.destroy': () => ({ status: 200, body: { deleted: true, id: 'x' } }),
}

// @ts-expect-error the handler of one endpoint is none of another
export const swapped: Handlers['workspaces.list'] = handlers['connections.list']
