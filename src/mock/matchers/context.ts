type Equals = (a: unknown, b: unknown, testers?: Tester[]) => boolean
// Vitest and Jest each call testers with a `this` and arguments of their own; here they are only passed on
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Tester = (this: any, a: any, b: any, customTesters: any) => boolean | undefined

/** The part that Vitest and Jest have in common of what they give to a matcher as `this`. */
export interface MatcherContext {
  readonly isNot?: boolean
  readonly customTesters?: Tester[]
  readonly equals: Equals
  readonly utils: {
    readonly diff: (expected: unknown, received: unknown) => string | null | undefined
    readonly stringify: (value: unknown) => string
    readonly iterableEquality: Tester
    readonly subsetEquality: Tester
  }
}

export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}
