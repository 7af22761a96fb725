// What a command says of a prepared folder: prepared, sealed or checked, it is told alike.
import type { SplitName } from '../prepared/format.js';
import type { PreparedManifest, SplitSummary } from '../prepared/manifest.js';
import { type SplitProblem, splitKind, splitProblems } from './split-problems.js';

export interface PrepareResult {
  readonly dataset: string;
  readonly path: string;
  readonly hash: string;
  readonly rows: number;
  readonly entities: number;
  readonly items: number;
  readonly splits: Readonly<Record<SplitName, SplitSummary>>;
  /** Dropped or repaired rows by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** True when the folder was there already, whole and with the same hash. */
  readonly reused: boolean;
  /** Splits without rows or of one label: what there is to change before anything is trained. */
  readonly problems: readonly SplitProblem[];
}

export function prepareResult(path: string, manifest: PreparedManifest, reused: boolean): PrepareResult {
  const { dataset, hash, rows, entities, items, splits, dropped } = manifest;
  const problems = splitProblems(splits, splitKind(manifest));
  return { dataset, path, hash, rows, entities, items, splits, dropped, reused, problems };
}
