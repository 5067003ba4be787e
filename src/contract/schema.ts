import * as z from 'zod/mini'

/** `'ACTIVE' | 'ERROR' | (string & {})`: editors complete the known values, new values stay assignable. */
export type Open<T extends string> = T | (string & {})

/** The values that open enums know: for documentation, since a response is not held to them. */
export const knownValues = new WeakMap<z.core.$ZodType, readonly string[]>()

/**
 * An enum in a response. A value that this version does not know is passed through, because a new value on the
 * server must never break a deployed app. Requests use `z.enum`, which is closed.
 */
export function openEnum<const T extends string>(
  values: readonly [T, ...T[]],
): z.ZodMiniType<Open<T>, Open<T>> {
  const schema: z.ZodMiniType<Open<T>, Open<T>> = z.string()
  knownValues.set(schema, values)
  return schema
}

/**
 * An object in a response. Fields that this version does not know survive, but the type lists only the known ones,
 * so that a misspelt field is still a type error.
 */
export function open<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodMiniObject<Shape, z.core.$strip> {
  return z.looseObject(shape) as unknown as z.ZodMiniObject<Shape, z.core.$strip>
}

/** A JSON object whose keys the contract does not know: action input, settings, metadata. */
export const JsonObject = z.record(z.string(), z.unknown())
export type JsonObject = Record<string, unknown>

/** A field that the API may leave out or set to null; absent and null mean the same. */
export function maybe<T extends z.core.SomeType>(schema: T): z.ZodMiniOptional<z.ZodMiniNullable<T>> {
  return z.optional(z.nullable(schema))
}

/** A required string of a request; the API refuses empty ones. */
export const RequiredText = z.string().check(z.minLength(1))

/** `externalId` of connections and end users: 1 to 255 characters. */
export const ExternalId = z.string().check(z.minLength(1), z.maxLength(255))

/** ISO 8601, UTC, milliseconds: `2025-01-15T10:30:00.000Z`. */
export const Timestamp = z.string()

/**
 * An id in a request body or query. Deliberately not checked for its form: an id that is not a UUID is an id that
 * names nothing, and answers like an unknown one (404), not like a malformed field (400).
 */
export const IdReference = z.string().check(z.minLength(1))

/** A number in a query: a caller gives a number, a server reads a string. */
export const NumberParam = z.coerce.number<number>()

/** A boolean in a query travels as `true` or `false`. */
export const BooleanParam = z.pipe(
  z.transform((value: boolean) => {
    const text: unknown = value
    return text === 'true' ? true : text === 'false' ? false : value
  }),
  z.boolean(),
)

/** `limit` and `offset` of paginated lists. */
export const Page = {
  /** How many items at most, 1 to 100. Default 50. */
  limit: z.optional(NumberParam.check(z.int(), z.minimum(1), z.maximum(100))),
  /** How many items to skip. Default 0. */
  offset: z.optional(NumberParam.check(z.int(), z.minimum(0))),
}

/** Accepted on some lists; has no effect. */
export const includeSuspended = z.optional(BooleanParam)

/** The answer to every delete. */
export const Deleted = open({ deleted: z.literal(true), id: z.string() })
export interface Deleted extends z.infer<typeof Deleted> {}
