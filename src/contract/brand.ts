/**
 * The mark of every error of this package, by which `isWeavzError()` knows them. Registered, so that two copies of the
 * package in one process recognise each other's errors.
 */
export const errorBrand: unique symbol = Symbol.for('@weavz/sdk/error')
