// The door of prep for programs that score: rows of text, a batch at a time, read as prep reads the log.
import type { TableAppender } from '../database/append-table.js';
import { type Database, openDatabase } from '../database/database.js';
import { ident } from '../database/sql.js';
import { joinedPieces, type RawColumns } from '../prepared/raw-column.js';
import { readRaw } from '../prepared/read-raw.js';
import type { LoggedDescriptor } from './descriptor/logged.js';
import { NUL_REASON } from './load/nul.js';
import { type Fault, faultCode } from './load/plan.js';
import { staged } from './load/raw-columns.js';
import { planRows, type WantedValue } from './row-plan.js';

export type { WantedValue } from './row-plan.js';

const MEMORY_MB = 256;
const BATCH = 'batch';
/** Columns of a batch besides those that are read. */
const ROW = 'row';
const CODE = 'code';

/** A value that cannot be read. */
export interface WrongValue {
  /** Row of the batch, from 0. */
  readonly row: number;
  readonly column: string;
  readonly value: string;
  /** Completes "… is". */
  readonly reason: string;
}

export interface RowReader {
  /** The wanted values that the header gives. */
  readonly found: ReadonlySet<string>;
  /** The columns that are read for them. */
  readonly used: readonly string[];
  /** Values of rows whose cells stand in the header's order; or the first that is wrong, rows before columns. */
  read(rows: readonly (readonly string[])[]): Promise<RawColumns | WrongValue>;
  close(): void;
}

/** A reader of rows with this header. */
export function rowReader(
  logged: LoggedDescriptor,
  wanted: readonly WantedValue[],
  header: readonly string[],
): RowReader {
  const plan = planRows(logged, wanted, header);
  const { used } = plan;
  const places = used.map((name) => header.indexOf(name));
  // Opened with the first batch: many headers are only looked at.
  let opened: Promise<{ database: Database; table: TableAppender }> | undefined;
  const open = async (): Promise<{ database: Database; table: TableAppender }> => {
    const database = await openDatabase({ memoryLimitMb: MEMORY_MB, threads: 1 });
    const texts = Object.fromEntries(used.map((_name, place) => [`u${place}`, 'text' as const]));
    return { database, table: await database.createTable(BATCH, { [ROW]: 'integer', ...texts }) };
  };
  const values = plan.columns.map(({ name, sql }) => `${sql} AS ${ident(name)}`);
  const relation = staged(`(SELECT * FROM ${BATCH})`, plan, false);
  const select = `SELECT ${[`${faultCode(plan)} AS ${CODE}`, ROW, ...values].join(', ')} FROM ${relation} ORDER BY ${ROW}`;
  return {
    found: new Set(plan.columns.map(({ name }) => name)),
    used,
    async read(rows) {
      const nul = firstNul(rows, header);
      if (nul !== undefined) return nul;
      opened ??= open();
      const { database, table } = await opened;
      await database.run(`DELETE FROM ${BATCH}`);
      table.append(rows.length, [
        (row) => row,
        ...places.map((place) => (row: number) => rows[row]![place]!),
      ]);
      table.flush();
      const pieces = [];
      for await (const piece of readRaw(database, select, { [CODE]: 'number', ...plan.kinds }))
        pieces.push(piece);
      const { columns } = joinedPieces(pieces);
      const codes = (columns.get(CODE)?.values ?? []) as ArrayLike<number>;
      for (let row = 0; row < codes.length; row++)
        if (codes[row] !== 0) return wrong(plan.faults[codes[row]! - 1]!, row, rows[row]!, header);
      return columns;
    },
    close: () => void opened?.then(({ database }) => database.close()),
  };
}

function wrong(
  { column, reason }: Fault,
  row: number,
  cells: readonly string[],
  header: readonly string[],
): WrongValue {
  return { row, column, value: cells[header.indexOf(column)]!.trim(), reason };
}

/** A NUL ends texts in places; it is part of no value that means something. */
function firstNul(rows: readonly (readonly string[])[], header: readonly string[]): WrongValue | undefined {
  for (const [row, cells] of rows.entries()) {
    const place = cells.findIndex((cell) => cell.includes('\0'));
    if (place >= 0) return { row, column: header[place]!, value: cells[place]!, reason: NUL_REASON };
  }
  return undefined;
}
