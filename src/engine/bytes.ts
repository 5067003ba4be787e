/**
 * `Uint8Array<ArrayBuffer>`, the bytes that WebCrypto takes. Spelt this way because published declarations are also
 * read by compilers before TypeScript 5.7, where `Uint8Array` is not generic.
 */
export type Bytes = ReturnType<Uint8Array['slice']>
