// The two families of failure: the user (or the data) did something, or we have a bug.

/** Exit codes of every command: 0 done, 1 a check failed, 2 user error, 3 our bug. */
export const EXIT = { done: 0, checkFailed: 1, userError: 2, bug: 3 } as const;

export interface ErrorParts {
  /** Stable upper-case code, e.g. `CONFIG_UNKNOWN_KEY`. */
  readonly code: string;
  /** Where: file, line, column, dotted key, run. */
  readonly where?: string;
  /** What is wrong, in one or two sentences. */
  readonly what: string;
  /** What to do next. */
  readonly next?: string;
}

abstract class ReportedError extends Error {
  abstract readonly exitCode: number;
  readonly code: string;
  readonly where: string | undefined;
  readonly what: string;
  readonly next: string | undefined;

  constructor(parts: ErrorParts, options?: ErrorOptions) {
    super([parts.where, parts.what, parts.next].filter(Boolean).join(' — '), options);
    this.name = new.target.name;
    this.code = parts.code;
    this.where = parts.where;
    this.what = parts.what;
    this.next = parts.next;
  }
}

/** Bad input: a file, a recipe, a flag or a log. Exit code 2. */
export class UserError extends ReportedError {
  readonly exitCode = EXIT.userError;
}

/** Several faults found in one pass, reported together. Exit code 2. */
export class UserErrors extends Error {
  readonly exitCode = EXIT.userError;
  readonly errors: readonly UserError[];

  constructor(errors: readonly UserError[]) {
    super(errors.map((error) => error.message).join('\n'));
    this.name = 'UserErrors';
    this.errors = errors;
  }
}

/** A check the user asked for did not hold: parity, leak, regression. Exit code 1. */
export class CheckFailed extends ReportedError {
  readonly exitCode = EXIT.checkFailed;
}

/** A state this program believed impossible. Exit code 3. */
export class InternalError extends Error {
  readonly exitCode = EXIT.bug;
  override readonly name = 'InternalError';
}
