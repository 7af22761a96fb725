// A trained run under the name that its scores get.
import type { RunConfig } from '../runs/config.js';

export interface NamedRun {
  readonly name: string;
  readonly path: string;
  readonly config: RunConfig;
}
