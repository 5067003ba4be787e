/** `@weavz/sdk/mock/matchers`: what a test says about an offline Weavz, for Vitest and for Jest. */

import { toHaveExecuted } from './executed.js'
import { toHaveResolvedTo } from './resolved.js'

/** The matchers as they appear on `expect(…)`. */
export interface WeavzMatchers<R = unknown> {
  /**
   * The action has run, by a call of `actions.execute`, as a tool of an MCP server or out of code, in an exchange that
   * is in the journal. What was refused or waits for approval has not run.
   *
   * @param input What its input, partials and defaults merged in, must have, compared as by `toMatchObject`; more may
   * be there. Default: anything.
   * @throws TypeError if what is expected is no mock of `createMockWeavz`.
   * @example
   * expect(weavz).toHaveExecuted('slack', 'send_channel_message', { channel: '#general' })
   */
  toHaveExecuted(integrationName: string, actionName: string, input?: object): R
  /**
   * Some exchange in the journal, or the explained request, runs on that connection.
   *
   * @param connection `connection.externalId`, or `connection.id`.
   * @throws TypeError if what is expected is neither a mock of `createMockWeavz` nor an explanation.
   * @example
   * expect(weavz).toHaveResolvedTo('ava_slack')
   * expect(weavz.explain({ workspaceId, integrationName: 'slack', endUserId: 'ava' })).toHaveResolvedTo('ava_slack')
   */
  toHaveResolvedTo(connection: string): R
}

/**
 * Matchers that say, where they fail, what came nearest and what was different about it.
 *
 * @example
 * import { expect } from 'vitest'
 * import { weavzMatchers } from '@weavz/sdk/mock/matchers'
 *
 * expect.extend(weavzMatchers)
 */
export const weavzMatchers = { toHaveExecuted, toHaveResolvedTo }

/* eslint-disable @typescript-eslint/no-namespace, @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars --
   an interface merges only with one of the same form */
declare global {
  // Vitest's assertions extend this interface, as those of @types/jest do
  namespace jest {
    interface Matchers<R, T = {}> extends WeavzMatchers<R> {}
  }
}

// @ts-expect-error -- the `expect` of @jest/globals: here it is not installed, and where it is not, this says nothing
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends WeavzMatchers<R> {}
}
