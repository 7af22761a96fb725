// Rows of tables far larger than a cache, brought near before they are used.

/** Rows that are fetched together. */
export const ROWS_AHEAD = 64;

/** What was read, kept so that the reads are not left out as useless. */
let sink = 0;

/**
 * Reads one number of each row `rows[from .. to)` of every array. Nothing waits for these reads, so the processor has
 * many of them under way at once; the loop that then uses the rows, too long for that, would wait for each in turn.
 * Negative rows are padding.
 */
export function fetchRows(
  arrays: readonly Float32Array[],
  rows: Int32Array,
  from: number,
  to: number,
  dim: number,
): void {
  for (const array of arrays)
    for (let i = from; i < to; i++) if (rows[i]! > 0) sink += array[rows[i]! * dim]!;
  if (!Number.isFinite(sink) || Math.abs(sink) > 1e30) sink = 0;
}
