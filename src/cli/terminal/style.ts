// Colours, decided by us: they only repeat what the text says, and are off for pipes, NO_COLOR and dumb terminals.

import { sep } from 'node:path';
import { Chalk, type ChalkInstance } from 'chalk';
import type { OutputStream } from './host.js';

export interface Style {
  readonly chalk: ChalkInstance;
  /** Width to fit text into, in columns. */
  readonly width: number;
  /** A path as short as it can be typed from the working directory. */
  readonly path: (absolute: string) => string;
}

/**
 * Whether to colour a stream. `FORCE_COLOR` (anything but 0 or false) wins, then `NO_COLOR` (any non-empty text, no-color.org),
 * then whether the stream is a terminal that is not `TERM=dumb`.
 */
export function coloursFor(stream: OutputStream, env: Readonly<Record<string, string | undefined>>): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Style for a stream: sixteen colours or none. */
export function styleFor(stream: OutputStream, colours: boolean, cwd = ''): Style {
  return {
    chalk: new Chalk({ level: colours ? 1 : 0 }),
    width: stream.columns ?? 120,
    path: (absolute) => (absolute.startsWith(`${cwd}${sep}`) ? absolute.slice(cwd.length + 1) : absolute),
  };
}
