// History features of rows to score, each as of its own instant, from the past that the bundle keeps.
import { join } from 'node:path';
import { BUNDLE_FILES, OWN_TIME } from '../bundle/format/files.js';
import type { Bundle } from '../bundle/open.js';
import { UserError } from '../errors.js';
import { type KeptPast, openPast } from '../prep/kept-past.js';
import type { RawColumns } from '../prepared/raw-column.js';
import { type CsvRow, INPUT_NAME } from './columns/csv-rows.js';

export interface RowHistory {
  readonly names: readonly string[];
  /** The features of rows, `values` being what was read of them. Throws UserError SCORE_HISTORY_TIME. */
  of(values: RawColumns, rows: readonly CsvRow[]): Promise<RawColumns>;
  close(): Promise<void>;
}

/** Computes features that rows lack; the past is loaded with the first of them. */
export function rowHistory({ folder, manifest }: Bundle, names: readonly string[]): RowHistory {
  let opened: Promise<KeptPast> | undefined;
  return {
    names,
    async of(values, rows) {
      const { history } = manifest;
      if (names.length === 0 || history === null) return new Map();
      const timestampMs = values.get(OWN_TIME)!.values as Float64Array;
      // Not "before": a time that is missing is neither.
      const wrong = timestampMs.findIndex((ms) => !(ms >= (history.cutoffMs ?? Number.NEGATIVE_INFINITY)));
      if (wrong >= 0) throw wrongTime(timestampMs[wrong]!, history.cutoffMs, rows[wrong]!.line, names);
      const ids = (side: 'entity' | 'item'): readonly string[] =>
        (values.get(side)?.values as readonly string[] | undefined) ?? rows.map(() => '');
      opened ??= openPast(history, join(folder, BUNDLE_FILES.history));
      const past = await opened;
      return past.values(names, { entity: ids('entity'), item: ids('item'), timestampMs });
    },
    close: async () => (await opened)?.close(),
  };
}

const time = (ms: number): string => new Date(ms).toISOString();

function wrongTime(ms: number, cutoffMs: number | null, line: number, names: readonly string[]): UserError {
  return new UserError({
    code: 'SCORE_HISTORY_TIME',
    where: `${INPUT_NAME}:${line}`,
    what: Number.isNaN(ms)
      ? `The row has no time, as of which ${names.join(', ')} could be computed.`
      : `The row is of ${time(ms)}, and the bundle has counted events up to ${time(cutoffMs!)}: what was past before then is not kept.`,
    next: `Give ${names.join(', ')} in columns, or rows of a later time. Rows of this batch and after it were not scored.`,
  });
}
