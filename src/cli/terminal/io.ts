// What a command may touch of the outside world: streams, folder, clock, progress.

import type { Progress } from '../../progress.js';
import type { Host } from './host.js';
import type { Style } from './style.js';

export interface Io extends Host {
  readonly json: boolean;
  /** Progress, to standard error. */
  readonly progress: Progress;
  /** The command's result on standard output: the object itself under `--json`, else what `render` makes of it. */
  readonly show: <T>(result: T, render: (result: T, style: Style) => string) => void;
  /** A piece of a result that is too large to hold, to standard output; resolves when the reader is ready for more. */
  readonly stream: (text: string) => Promise<void>;
}
