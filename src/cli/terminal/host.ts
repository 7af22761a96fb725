// The process as the command line sees it: streams, environment, folder, clock. Tests pass their own.

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
