// The process as the command line sees it: streams, environment, folder, clock. Tests pass their own.

export interface OutputStream {
  /** False when the reader is behind: `drain` tells when it is not. */
  write(text: string): unknown;
  once?(event: 'drain' | 'error', listener: () => void): unknown;
  /** What keeps it from being written to, once something does: its reader is gone, the disk is full. */
  fault?(): NodeJS.ErrnoException | undefined;
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
