// npm run bench -- prep [--json] [--rows 1000000,5000000,20000000] [--only csv|parquet]
import { textTable } from './compare/text-table.js';
import { type PrepBenchRow, prepBench } from './prep/prep-bench.js';

const DEFAULT_ROWS = [1_000_000, 5_000_000, 20_000_000];
const FORMATS = ['csv', 'parquet'] as const;

/** Runs the benchmark of prep and returns what to print. `only` names formats; training is measured at the first two lengths. */
export async function benchPrep(options: {
  readonly rows: readonly number[];
  readonly only: readonly string[];
  readonly built: string;
}): Promise<{ readonly rows: readonly PrepBenchRow[]; readonly report: string }> {
  const rows = options.rows.length === 0 ? DEFAULT_ROWS : options.rows;
  const measured = await prepBench({
    rows,
    formats: FORMATS.filter((format) => options.only.length === 0 || options.only.includes(format)),
    trained: rows.slice(0, 2),
    built: options.built,
    note: (text) => process.stderr.write(`${text}\n`),
  });
  return { rows: measured, report: report(measured) };
}

function report(rows: readonly PrepBenchRow[]): string {
  const header = [
    'log',
    'M rows',
    'raw MB',
    'prep s',
    'prep CPU s',
    'M rows/s',
    'prep peak MB',
    'train s',
    'train peak MB',
  ];
  return textTable(
    header,
    rows.map(({ format, rows: count, rawMb, prep, train }) => [
      format,
      (count / 1e6).toFixed(1),
      rawMb.toFixed(0),
      prep.seconds.toFixed(1),
      prep.cpuSeconds.toFixed(1),
      (prep.rowsPerSecond / 1e6).toFixed(2),
      prep.peakMb.toFixed(0),
      train === null ? '–' : train.seconds.toFixed(1),
      train === null ? '–' : train.peakMb.toFixed(0),
    ]),
  );
}
