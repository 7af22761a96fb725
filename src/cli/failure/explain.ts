// Sorts a thrown value into its family: known errors carry where, what and next; anything else is our bug.
import { CheckFailed, EXIT, UserError, UserErrors } from '../../errors.js';
import { OutputLost } from '../terminal/output-lost.js';
import { HelpShown } from './usage-error.js';

interface FailureLine {
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

type SystemFault = readonly [code: string, what: string, next: string];

const TOO_MANY_FILES: SystemFault = [
  'TOO_MANY_FILES',
  'The system lets this program open no more files.',
  'Allow more (ulimit -n), or close other programs.',
];

/** Faults of the machine or of files that a user can mend, by the system's own code. */
const SYSTEM_FAULTS: Readonly<Record<string, SystemFault>> = {
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
  EDQUOT: ['DISK_FULL', 'No more may be written here.', 'Make room, or choose another folder with --out.'],
  EMFILE: TOO_MANY_FILES,
  ENFILE: TOO_MANY_FILES,
  EIO: ['FILE_NOT_READABLE', 'The device fails at reading or writing this.', 'Check the disk.'],
  ELOOP: ['FILE_NOT_READABLE', 'Links lead in a circle here.', 'Check the links on the path.'],
  ENAMETOOLONG: ['FILE_NAME_TOO_LONG', 'The system takes no name as long as this.', 'Choose a shorter path.'],
  EEXIST: ['FILE_EXISTS', 'Something of this name is there already.', 'Choose another name, or remove it.'],
  ENOTDIR: ['FILE_NOT_FOLDER', 'A folder was expected here, and this is a file.', 'Name its folder.'],
};

/** How libraries say the same that give no code of the system. */
const SYSTEM_WORDS: readonly (readonly [pattern: RegExp, code: string])[] = [
  [/Too many open files|\bEMFILE\b/i, 'EMFILE'],
  [/No space left on device|\bENOSPC\b/i, 'ENOSPC'],
  [/Read-only file system|\bEROFS\b/i, 'EROFS'],
  [/Permission denied|\bEACCES\b/i, 'EACCES'],
];

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
  if (error instanceof OutputLost) return outputLost(error);
  if (error instanceof HelpShown) return { exitCode: EXIT.done, lines: [], stack };

  // A failed rename names the temporary file first; what the user knows is where it was to go.
  const { path, dest } = (error ?? {}) as NodeJS.ErrnoException & { readonly dest?: string };
  const system = systemLine(error, dest ?? path);
  if (system !== undefined) return { exitCode: EXIT.userError, lines: [system], stack };
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

/** What is said where the result cannot be written to standard output. */
function outputLost({ exitCode, fault }: OutputLost): Failure {
  const where = 'standard output';
  const unknown = {
    code: 'OUTPUT_NOT_WRITTEN',
    where,
    what: `The result cannot be written: ${fault?.message}.`,
    next: 'Send it elsewhere.',
  };
  const lines = fault === undefined ? [] : [systemLine(fault, where) ?? unknown];
  return { exitCode, lines, stack: fault?.stack };
}

/** A fault of the system in words; undefined for every other error. */
function systemLine(error: unknown, where: string | undefined): FailureLine | undefined {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  const said = SYSTEM_WORDS.find(([pattern]) => pattern.test(message ?? ''))?.[1];
  const known = SYSTEM_FAULTS[code ?? ''] ?? SYSTEM_FAULTS[said ?? ''];
  return known === undefined ? undefined : { code: known[0], where, what: known[1], next: known[2] };
}

function lineOf({ code, where, what, next }: FailureLine): FailureLine {
  return { code, where, what, next };
}
