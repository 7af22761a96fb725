// `limaml score`: rows of CSV through a bundle, a batch in memory at a time.

import type { Bundle } from '../bundle/open.js';
import { UserError } from '../errors.js';
import type { WrongValue } from '../prep/read-rows.js';
import { type RawColumn, rowsWithout } from '../prepared/raw-column.js';
import { type CsvRow, csvRows, INPUT_NAME } from './columns/csv-rows.js';
import { type MatchedColumns, matchColumns } from './columns/match-columns.js';
import { rowDialect } from './columns/row-dialect.js';
import { rowVectors } from './entity-vectors.js';
import { openServed, type ServedBundle } from './open-served.js';
import { type RowHistory, rowHistory } from './row-history.js';
import { scoreValues } from './score-values.js';
import { headText, type RowFormat, rowsText } from './scored-text.js';

export interface ScoreRowsRequest extends ServedBundle {
  /** CSV with a header. */
  readonly input: NodeJS.ReadableStream;
  /** Rows that are scored at once. */
  readonly batchRows: number;
  /** Features of entities and items that the rows lack are taken from the bundle. */
  readonly lookup: boolean;
  readonly format: RowFormat;
  /** Takes the scored rows, piece by piece, and resolves when it is ready for more. */
  readonly write: (text: string) => Promise<void>;
}

export interface ScoredCount {
  readonly rows: number;
  /** Rows whose entity has no stored embedding, and so were scored with the prior. */
  readonly priors: number;
  /** Features that came from the bundle's tables. */
  readonly lookedUp: readonly string[];
  /** Of each side that was looked up: its features, and the rows of whose entity (item) the tables hold none of them. */
  readonly notFound: readonly NotFound[];
  /** History features that were computed from what the bundle keeps of the past. */
  readonly computed: readonly string[];
}

interface NotFound {
  readonly side: Side;
  readonly features: readonly string[];
  readonly rows: number;
}

const SIDES = ['entity', 'item'] as const;
type Side = (typeof SIDES)[number];

/**
 * Scores rows in their order. Throws UserError SCORE_NO_HEADER, SCORE_RAGGED_ROW, ROWS_BAD_VALUE, ROWS_BAD_ENCODING, ROWS_BAD_CSV, UserErrors of
 * the header, and what `openServed` throws; whole batches before the fault are written.
 */
export async function scoreRows(request: ScoreRowsRequest): Promise<ScoredCount> {
  const { format, write, batchRows } = request;
  const bundle = await openServed(request);
  let scorer: Scorer | undefined;
  try {
    let batch: CsvRow[] = [];
    let rows = 0;
    let priors = 0;
    const flush = async (to: Scorer): Promise<void> => {
      const scored = await scoreBatch(to, batch);
      const { header } = to.columns;
      // By now all that is read of the bundle has been.
      if (rows === 0) await to.bundle.requireUnchanged();
      const head = rows === 0 ? headText(header, format) : '';
      await write(head + rowsText(header, batch, scored.probability, format));
      rows += batch.length;
      priors += scored.priors;
      batch = [];
    };
    for await (const row of csvRows(request.input, (header) =>
      rowDialect(bundle.manifest.descriptor, header),
    )) {
      if (scorer === undefined) {
        scorer = openScorer(bundle, row.fields, request.lookup);
        continue;
      }
      requireWidth(row, scorer.columns.header);
      batch.push(row);
      if (batch.length >= batchRows) await flush(scorer);
    }
    if (scorer === undefined) throw noHeader();
    if (batch.length > 0 || rows === 0) await flush(scorer);
    return {
      rows,
      priors,
      lookedUp: scorer.columns.lookedUp.map(({ name }) => name),
      notFound: SIDES.map((side) => ({
        side,
        features: lookedUpOf(scorer!.columns, side),
        rows: scorer!.notFound[side],
      })).filter(({ features }) => features.length > 0),
      computed: scorer.history.names,
    };
  } finally {
    scorer?.columns.reader.close();
    await scorer?.history.close();
    await bundle.close();
  }
}

/** All that a batch needs. */
interface Scorer {
  readonly bundle: Bundle;
  readonly columns: MatchedColumns;
  readonly history: RowHistory;
  /** Rows so far of whose entity (item) the tables have nothing. */
  readonly notFound: Record<Side, number>;
}

const lookedUpOf = ({ lookedUp }: MatchedColumns, side: Side): readonly string[] =>
  lookedUp.filter((input) => input.side === side).map(({ name }) => name);

function openScorer(bundle: Bundle, fields: readonly string[], lookup: boolean): Scorer {
  const header = fields.map((name) => name.trim());
  const columns = matchColumns(header, bundle.manifest, lookup);
  return { bundle, columns, history: rowHistory(bundle, columns.computed), notFound: { entity: 0, item: 0 } };
}

interface ScoredBatch {
  readonly probability: Float32Array;
  readonly priors: number;
}

async function scoreBatch(scorer: Scorer, rows: readonly CsvRow[]): Promise<ScoredBatch> {
  if (rows.length === 0) return { probability: new Float32Array(0), priors: 0 };
  const { bundle } = scorer;
  const values = await rawValues(scorer, rows);
  if (bundle.manifest.adapt === null)
    return { probability: await scoreValues(bundle, values, rows.length), priors: 0 };
  const { vectors, priors } = await rowVectors(bundle, texts(values, 'entity'), values);
  return { probability: await scoreValues(bundle, values, rows.length, vectors), priors };
}

/** The raw values that the rows bring, and those looked up for them. Throws UserError ROWS_BAD_VALUE. */
async function rawValues(
  { bundle, columns, history, notFound }: Scorer,
  rows: readonly CsvRow[],
): Promise<ReadonlyMap<string, RawColumn>> {
  const { reader } = columns;
  const read = await reader.read(rows.map(({ fields }) => fields));
  if ('reason' in read) throw badValue(read, rows[read.row]!.line);
  const values = new Map(read);
  for (const side of SIDES) {
    const wanted = lookedUpOf(columns, side);
    if (wanted.length === 0) continue;
    const found = await bundle.store.features(side, texts(values, side));
    for (const name of wanted) values.set(name, found.get(name)!);
    notFound[side] += rowsWithout(
      wanted.map((name) => found.get(name)!),
      rows.length,
    );
  }
  for (const [name, column] of await history.of(values, rows)) values.set(name, column);
  return values;
}

function badValue({ column, value, reason }: WrongValue, line: number): UserError {
  return new UserError({
    code: 'ROWS_BAD_VALUE',
    where: `${INPUT_NAME}:${line} › ${column}`,
    what: `"${value.slice(0, 100)}" is ${reason}.`,
    next: 'Mend the value, or leave it empty where it is not known. Rows of this batch and after it were not scored.',
  });
}

function texts(values: ReadonlyMap<string, RawColumn>, name: string): readonly string[] {
  return values.get(name)!.values as readonly string[];
}

function requireWidth({ fields, line }: CsvRow, header: readonly string[]): void {
  if (fields.length === header.length) return;
  const place = Math.min(fields.length, header.length);
  const column = header[place] === undefined ? `column ${place + 1}` : header[place];
  throw new UserError({
    code: 'SCORE_RAGGED_ROW',
    where: `${INPUT_NAME}:${line} › ${column}`,
    what: `The row has ${fields.length} fields and the header ${header.length}: "${fields.join(',').slice(0, 100)}".`,
    next: 'Quote fields that hold a comma. Rows of this batch and after it were not scored.',
  });
}

function noHeader(): UserError {
  return new UserError({
    code: 'SCORE_NO_HEADER',
    where: INPUT_NAME,
    what: 'There is nothing to score: the input is empty.',
    next: 'Pass CSV whose first line names the columns, as in: limaml score --bundle bundle < rows.csv',
  });
}
