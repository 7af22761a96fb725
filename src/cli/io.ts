// What a command may touch of the outside world: streams, folder, clock, progress. Tests pass their own.
import type { Progress } from '../progress.js';
import type { Style } from './render/style.js';

export interface OutputStream {
  /** False when the reader is behind: `drain` tells when it is not. */
  write(text: string): unknown;
  once?(event: 'drain', listener: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The process as `main` sees it. */
export interface Host {
  /** The command line without node and script. */
  readonly argv: readonly string[];
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now: () => Date;
}

export interface Io extends Host {
  readonly json: boolean;
  /** Progress, to standard error. */
  readonly progress: Progress;
  /** The command's result on standard output: the object itself under `--json`, else what `render` makes of it. */
  readonly show: <T>(result: T, render: (result: T, style: Style) => string) => void;
  /** A piece of a result that is too large to hold, to standard output; resolves when the reader is ready for more. */
  readonly stream: (text: string) => Promise<void>;
}
