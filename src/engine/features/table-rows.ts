// Rows of a table far larger than a cache: brought near before they are used, and copied in few instructions.

/** Rows that are fetched together. */
export const ROWS_AHEAD = 64;

/** A table of so many floats stays near by itself. */
const NEAR_FLOATS = 65_536;

/** Floats of a cache line. */
const LINE = 16;

/** What was read, kept so that the reads are not left out as useless. In an array, or every sum would be a number on the heap. */
const sink = new Float64Array(1);

/**
 * Reads both ends of each row `rows[from .. to)` of a table (a row may lie across two cache lines). Nothing waits for
 * these reads, so the processor has many of them under way at once; a loop that does more with a row has too few rows
 * in sight for that and waits for each in turn. 40,000 rows of 64 bytes from 64 MB: Adam takes half of the time,
 * gathering a quarter. Negative rows are padding.
 */
export function fetchRows(
  table: Float32Array,
  rows: Int32Array,
  from: number,
  to: number,
  dim: number,
): void {
  let sum = sink[0]!;
  for (let i = from; i < to; i++) {
    const at = rows[i]! * dim;
    if (at >= 0) sum += table[at]! + table[at + dim - 1]!;
  }
  // In a loop of its own: for rows of one line, the most usual ones, the first is to stay as short as it is.
  if (dim > 2 * LINE) sum += betweenEnds(table, rows, from, to, dim);
  sink[0] = Number.isFinite(sum) ? sum : 0;
}

/** The lines between both ends of wide rows. */
function betweenEnds(table: Float32Array, rows: Int32Array, from: number, to: number, dim: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const at = rows[i]! * dim;
    if (at >= 0) for (let d = LINE; d < dim - 1; d += LINE) sum += table[at + d]!;
  }
  return sum;
}

/** Copies row `indices[i]` of a table to `to[i × width + offset ..]`; zeros for negative ones. */
export function gatherRows(
  table: Float32Array,
  indices: Int32Array,
  dim: number,
  to: Float32Array,
  width: number,
  offset: number,
): void {
  // Two floats at a time where rows start on such pairs.
  const paired =
    [dim, width, offset, table.length, to.length].every((size) => size % 2 === 0) &&
    table.byteOffset % 8 === 0 &&
    to.byteOffset % 8 === 0;
  const [wideTable, wideTo] = paired ? [pairsOf(table), pairsOf(to)] : [undefined, undefined];
  const near = table.length <= NEAR_FLOATS;
  const ahead = near ? indices.length : ROWS_AHEAD;
  for (let start = 0; start < indices.length; start += ahead) {
    const end = Math.min(start + ahead, indices.length);
    if (!near) fetchRows(table, indices, start, end, dim);
    if (wideTable === undefined) copySingles(table, indices, start, end, dim, to, width, offset);
    else copyPairs(wideTable, indices, start, end, dim / 2, wideTo!, width / 2, offset / 2);
  }
}

const pairsOf = (floats: Float32Array): Float64Array =>
  new Float64Array(floats.buffer, floats.byteOffset, floats.length / 2);

// The same loop twice: one loop over both kinds of array would be compiled for neither.

function copyPairs(
  table: Float64Array,
  indices: Int32Array,
  start: number,
  end: number,
  dim: number,
  to: Float64Array,
  width: number,
  offset: number,
): void {
  for (let i = start, at = start * width + offset; i < end; i++, at += width) {
    const from = indices[i]! * dim;
    if (from < 0) {
      to.fill(0, at, at + dim);
      continue;
    }
    let d = 0;
    for (; d + 8 <= dim; d += 8) {
      to[at + d] = table[from + d]!;
      to[at + d + 1] = table[from + d + 1]!;
      to[at + d + 2] = table[from + d + 2]!;
      to[at + d + 3] = table[from + d + 3]!;
      to[at + d + 4] = table[from + d + 4]!;
      to[at + d + 5] = table[from + d + 5]!;
      to[at + d + 6] = table[from + d + 6]!;
      to[at + d + 7] = table[from + d + 7]!;
    }
    for (; d < dim; d++) to[at + d] = table[from + d]!;
  }
}

function copySingles(
  table: Float32Array,
  indices: Int32Array,
  start: number,
  end: number,
  dim: number,
  to: Float32Array,
  width: number,
  offset: number,
): void {
  for (let i = start, at = start * width + offset; i < end; i++, at += width) {
    const from = indices[i]! * dim;
    if (from < 0) to.fill(0, at, at + dim);
    else for (let d = 0; d < dim; d++) to[at + d] = table[from + d]!;
  }
}
