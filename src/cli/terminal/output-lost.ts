// Standard output that cannot be written to: its reader went away, or the disk is full.
import { EXIT } from '../../errors.js';

/** What shells say of a program that SIGPIPE ended. */
const READER_GONE = 141;

/** Thrown to stop work of which nobody gets the result. */
export class OutputLost extends Error {
  readonly exitCode: number;
  /** Undefined where there is nothing to say: `limaml … | head` has what it wanted. */
  readonly fault: NodeJS.ErrnoException | undefined;

  /** `begun`: whether a part of the result was taken before. */
  constructor(fault: NodeJS.ErrnoException, begun: boolean) {
    super(fault.message, { cause: fault });
    this.name = 'OutputLost';
    const readerGone = fault.code === 'EPIPE';
    this.fault = readerGone ? undefined : fault;
    this.exitCode = readerGone ? (begun ? EXIT.done : READER_GONE) : EXIT.userError;
  }
}
