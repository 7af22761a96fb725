// One raw file with the dialect it is read by.

import type { SplitName } from '../../prepared/format.js';
import type { SourceDescriptor } from '../descriptor/source.js';

export interface SourceFile {
  /** Absolute path. */
  readonly path: string;
  /** As named in messages and in the manifest: relative to the data directory. */
  readonly name: string;
  readonly source: SourceDescriptor;
  /** For splits that are given by file. */
  readonly split?: SplitName;
}
