// What prep takes, in time and memory, at growing lengths of the log; and what training then takes in memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogFormat, makeLog } from './made-up-log.js';
import { type MeasuredRun, measuredRun } from './measured-run.js';

interface PrepBenchOptions {
  readonly rows: readonly number[];
  readonly formats: readonly LogFormat[];
  /** Lengths at which a model is trained as well. */
  readonly trained: readonly number[];
  /** Folder of the built benchmarks. */
  readonly built: string;
  readonly note: (text: string) => void;
}

export interface PrepBenchRow {
  readonly rows: number;
  readonly format: LogFormat;
  readonly rawMb: number;
  readonly prep: MeasuredRun & { readonly rowsPerSecond: number };
  /** One epoch of a small model on the prepared data. */
  readonly train: MeasuredRun | null;
}

async function trained(built: string, folder: string): Promise<MeasuredRun> {
  const { output: _, ...run } = await measuredRun(built, ['train', 'experiment.yaml', '--data', '.'], folder);
  return run;
}

/** Makes, preps, trains and removes one log after the other. */
export async function prepBench(options: PrepBenchOptions): Promise<readonly PrepBenchRow[]> {
  const results: PrepBenchRow[] = [];
  for (const format of options.formats)
    for (const rows of options.rows) {
      const folder = await mkdtemp(join(tmpdir(), 'limaml-bench-prep-'));
      try {
        options.note(`${format}, ${rows} rows: making the log`);
        const bytes = await makeLog(folder, rows, format);
        options.note(`${format}, ${rows} rows: prep`);
        const { output: _, ...prep } = await measuredRun(
          options.built,
          ['prep', 'log.yaml', '--data', '.'],
          folder,
        );
        const trains = format === options.formats[0] && options.trained.includes(rows);
        if (trains) options.note(`${format}, ${rows} rows: train`);
        const train = trains ? await trained(options.built, folder) : null;
        const rowsPerSecond = rows / prep.seconds;
        results.push({ rows, format, rawMb: bytes / 2 ** 20, prep: { ...prep, rowsPerSecond }, train });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
  return results;
}
