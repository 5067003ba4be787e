/**
 * Compiles if the value can be used as a `T`, and is not `any`, which could be used as everything.
 *
 * @example isA<string>()(workspace.id)
 */
export declare function isA<T>(): <V extends T>(value: 0 extends 1 & V ? never : V) => void
