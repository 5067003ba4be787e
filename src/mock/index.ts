/** `@weavz/sdk/mock`: an offline Weavz behind one `fetch`. */

export { createMockWeavz } from './mock.js'
export type { MockWeavz, MockWeavzOptions } from './mock.js'
export type { ScriptedUser, UserCredentials } from './user.js'
export type { ActionCall, ActionHandler } from '../engine/action-registry.js'
export type { OptionsSource, PropertyCall, PropsSource } from '../engine/properties.js'
export type { OpenedCredentials } from '../engine/credentials.js'
export type { Clock } from '../engine/clock.js'
export type { RandomSource } from '../engine/random.js'
export type { Opening, Openings, Purpose, Secret } from '../engine/vault/index.js'
export type { ExplainRequest } from './control/explain.js'
export type { Audit, AuditOptions, ExplainOptions, Explanation } from '../engine/resolver/index.js'
