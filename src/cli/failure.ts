/** Ends the program with one sentence on stderr, and without a stack. Exit codes: 1 it could not work, 2 bad arguments. */
export class CliFailure extends Error {
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2, cause?: unknown) {
    super(message, { cause })
    this.exitCode = exitCode
  }
}
