// Sorts a thrown value into its family: known errors carry where, what and next; anything else is our bug.
import { CheckFailed, EXIT, UserError, UserErrors } from '../../errors.js';
import { HelpShown } from './usage-error.js';

export interface FailureLine {
  readonly code: string;
  readonly where: string | undefined;
  readonly what: string;
  readonly next: string | undefined;
}

export interface Failure {
  readonly exitCode: number;
  readonly lines: readonly FailureLine[];
  /** Set for a bug: the command line that met it. */
  readonly commandLine?: string;
  readonly stack: string | undefined;
}

/** Faults of the machine or of files that a user can mend, by the system's own code. */
const SYSTEM_FAULTS: Readonly<Record<string, readonly [code: string, what: string, next: string]>> = {
  ENOENT: [
    'FILE_MISSING',
    'There is no such file or folder.',
    'Check the path, or whether something removed it.',
  ],
  EACCES: ['FILE_NO_PERMISSION', 'Reading or writing this is not permitted.', 'Change its permissions.'],
  EPERM: ['FILE_NO_PERMISSION', 'Reading or writing this is not permitted.', 'Change its permissions.'],
  EROFS: ['FILE_NO_PERMISSION', 'This file system is read-only.', 'Choose another folder with --out.'],
  ENOSPC: ['DISK_FULL', 'The disk is full.', 'Make room, or choose another folder with --out.'],
  EISDIR: ['FILE_IS_FOLDER', 'A file was expected here, and this is a folder.', 'Name a file in it.'],
  ENOTDIR: ['FILE_NOT_FOLDER', 'A folder was expected here, and this is a file.', 'Name its folder.'],
};

const BUG_NEXT =
  'This is a fault of limaml, not of your input. To report it: keep the folder of the run, if there is one, and attach it with the recipe and the descriptor, the lines below, and what the same command prints with --debug.';

/** What to say and which exit code to leave with. */
export function explainFailure(error: unknown, argv: readonly string[]): Failure {
  const stack = error instanceof Error ? error.stack : undefined;
  if (error instanceof UserError || error instanceof CheckFailed) {
    return { exitCode: error.exitCode, lines: [lineOf(error)], stack };
  }
  if (error instanceof UserErrors)
    return { exitCode: error.exitCode, lines: error.errors.map(lineOf), stack };
  if (error instanceof HelpShown) return { exitCode: EXIT.done, lines: [], stack };

  // A failed rename names the temporary file first; what the user knows is where it was to go.
  const { code, path, dest } = (error ?? {}) as NodeJS.ErrnoException & { readonly dest?: string };
  const known = code === undefined ? undefined : SYSTEM_FAULTS[code];
  if (known !== undefined) {
    return {
      exitCode: EXIT.userError,
      lines: [{ code: known[0], where: dest ?? path, what: known[1], next: known[2] }],
      stack,
    };
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    exitCode: EXIT.bug,
    lines: [
      {
        code: 'BUG',
        where: undefined,
        what,
        next: BUG_NEXT,
      },
    ],
    commandLine: ['limaml', ...argv].join(' '),
    stack,
  };
}

function lineOf({ code, where, what, next }: FailureLine): FailureLine {
  return { code, where, what, next };
}
