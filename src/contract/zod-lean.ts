/**
 * What stands for zod/mini in the build of the client (scripts/client-contract.ts): schemas that describe, and cannot
 * parse. Each has the `def` that zod's own has, which is all that the client reads (src/transport/validate.ts).
 *
 * Kinds that only requests use are missing on purpose: one in a response fails when the built client is loaded.
 */
interface Schema {
  readonly _zod: { readonly def: object }
}

function schema(def: object): Schema {
  return { _zod: { def } }
}

export const string = () => schema({ type: 'string' })
export const number = () => schema({ type: 'number' })
export const boolean = () => schema({ type: 'boolean' })
export const unknown = () => schema({ type: 'unknown' })
const absent = () => schema({ type: 'undefined' })
export { absent as undefined }
export const literal = (value: unknown) => schema({ type: 'literal', values: [value] })
export const array = (element: Schema) => schema({ type: 'array', element })
export const record = (keyType: Schema, valueType: Schema) => schema({ type: 'record', keyType, valueType })
export const looseObject = (shape: Readonly<Record<string, Schema>>) => schema({ type: 'object', shape })
export const optional = (innerType: Schema) => schema({ type: 'optional', innerType })
export const nullable = (innerType: Schema) => schema({ type: 'nullable', innerType })
