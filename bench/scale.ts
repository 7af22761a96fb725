// npm run bench -- scale [--rows 1000000,10000000] [--only write] [--json]: prep, an epoch of training, export and score at growing lengths of a log; `write` renews docs/scale.md.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textTable } from './compare/text-table.js';
import { makeLog } from './prep/made-up-log.js';
import { measuredRun } from './prep/measured-run.js';
import { rowsToScore } from './scale/rows-to-score.js';
import { scaleFigure } from './scale/scale-figure.js';
import { scalePage } from './scale/scale-page.js';
import { type ScaleRow, STAGES } from './scale/scale-row.js';

const DEFAULT_ROWS = [1_000_000, 10_000_000];
/** Events of one member: members grow with the log. */
const EVENTS_EACH = 20;
/** Of so many events one row is scored. */
const SCORED_OF = 10;

export async function benchScale(options: {
  readonly rows: readonly number[];
  readonly write: boolean;
  readonly root: string;
  readonly built: string;
  readonly note: (text: string) => void;
}): Promise<{ readonly rows: readonly ScaleRow[]; readonly report: string }> {
  const rows: ScaleRow[] = [];
  for (const events of options.rows.length > 0 ? options.rows : DEFAULT_ROWS) {
    const folder = await mkdtemp(join(tmpdir(), 'limaml-bench-scale-'));
    const members = Math.ceil(events / EVENTS_EACH);
    try {
      options.note(`${events} events: making the log`);
      await makeLog(folder, events, 'csv', members);
      const scored = await rowsToScore(folder, events / SCORED_OF);
      const commands = {
        prep: [['prep', 'log.yaml', '--data', '.']],
        train: [['train', 'experiment.yaml', '--data', '.']],
        export: [['export', 'latest', '--out', 'bundle']],
        score: [['score', '--bundle', 'bundle'], scored],
      } as const;
      for (const stage of STAGES) {
        options.note(`${events} events: ${stage}`);
        const [args, input] = commands[stage];
        rows.push({ events, members, stage, run: await measuredRun(options.built, args, folder, input) });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  if (options.write) {
    await writeFile(join(options.root, 'docs', 'scale.md'), scalePage(rows));
    await writeFile(join(options.root, 'docs', 'scale.svg'), scaleFigure(rows));
  }
  return { rows, report: report(rows) };
}

const report = (rows: readonly ScaleRow[]): string =>
  textTable(
    ['M events', 'members', 'stage', 'wall s', 'CPU s', 'CPU µs an event', 'peak MB'],
    rows.map(({ events, members, stage, run }) => [
      (events / 1e6).toFixed(2),
      String(members),
      stage,
      run.seconds.toFixed(1),
      run.cpuSeconds.toFixed(1),
      ((1e6 * run.cpuSeconds) / events).toFixed(2),
      run.peakMb.toFixed(0),
    ]),
  );
