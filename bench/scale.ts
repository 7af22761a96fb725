// npm run bench -- scale [--rows 1000000,10000000] [--write] [--json]: prep, an epoch of training, export and score at growing lengths of a log; `--write` renews docs/scale.md.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textTable } from './compare/text-table.js';
import { makeLog } from './prep/made-up-log.js';
import { measuredRun } from './prep/measured-run.js';
import { growthOf, growthSentence } from './scale/growth.js';
import { rowsToScore } from './scale/rows-to-score.js';
import { scaleFigure } from './scale/scale-figure.js';
import { scalePage } from './scale/scale-page.js';
import { featuresOf, type LogShape, membersOf, type ScaleRow, STAGES, USUAL } from './scale/scale-row.js';

const DEFAULT_ROWS = [1_000_000, 10_000_000];
/** Measured at the least length alone: fewer members with more events each, and more features. */
const OTHER_SHAPES: readonly LogShape[] = [
  { ...USUAL, eventsEach: 200 },
  { ...USUAL, moreFeatures: 10 },
];
/** Of so many events one row is scored. */
const SCORED_OF = 10;

interface ScaleOptions {
  readonly rows: readonly number[];
  readonly write: boolean;
  readonly root: string;
  readonly built: string;
  readonly note: (text: string) => void;
}

export async function benchScale(
  options: ScaleOptions,
): Promise<{ readonly rows: readonly ScaleRow[]; readonly report: string }> {
  const lengths = [...(options.rows.length > 0 ? options.rows : DEFAULT_ROWS)].sort((a, b) => a - b);
  const logs = [
    ...OTHER_SHAPES.map((shape) => ({ events: lengths[0]!, shape })),
    ...lengths.map((events) => ({ events, shape: USUAL })),
  ];
  const rows: ScaleRow[] = [];
  for (const { events, shape } of logs) rows.push(...(await stagesOf(events, shape, options)));
  if (options.write) {
    await writeFile(join(options.root, 'docs', 'scale.md'), scalePage(rows));
    await writeFile(join(options.root, 'docs', 'scale.svg'), scaleFigure(rows));
  }
  return { rows, report: report(rows) };
}

async function stagesOf(events: number, shape: LogShape, { built, note }: ScaleOptions): Promise<ScaleRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'limaml-bench-scale-'));
  const members = membersOf(events, shape);
  const name = `${events} events, ${members} members, ${featuresOf(shape)} features`;
  const rows: ScaleRow[] = [];
  try {
    note(`${name}: making the log`);
    await makeLog(folder, events, 'csv', { members, moreFeatures: shape.moreFeatures });
    const scored = await rowsToScore(folder, Math.ceil(events / SCORED_OF));
    const commands = {
      prep: [['prep', 'log.yaml', '--data', '.']],
      train: [['train', 'experiment.yaml', '--data', '.']],
      export: [['export', 'latest', '--out', 'bundle']],
      score: [['score', '--bundle', 'bundle'], scored],
    } as const;
    for (const stage of STAGES) {
      note(`${name}: ${stage}`);
      const [args, input] = commands[stage];
      const { output: _, ...run } = await measuredRun(built, args, folder, input);
      rows.push({ events, shape, stage, run });
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const report = (rows: readonly ScaleRow[]): string =>
  [
    textTable(
      ['M events', 'members', 'features', 'stage', 'wall s', 'CPU s', 'CPU µs an event', 'peak MB'],
      rows.map(({ events, shape, stage, run }) => [
        (events / 1e6).toFixed(2),
        String(membersOf(events, shape)),
        String(featuresOf(shape)),
        stage,
        run.seconds.toFixed(1),
        run.cpuSeconds.toFixed(1),
        ((1e6 * run.cpuSeconds) / events).toFixed(2),
        run.peakMb.toFixed(0),
      ]),
    ),
    ...growthOf(rows).map(growthSentence),
  ].join('\n');
