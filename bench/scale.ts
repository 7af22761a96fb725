// npm run bench -- scale [--rows 1000000,10000000] [--in folder] [--write] [--json]: prep, an epoch of training, export and score at growing lengths of a log; `--write` renews docs/scale.md.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textTable } from './compare/text-table.js';
import { growthOf, growthSentence } from './scale/growth.js';
import { keepRows, keptRows } from './scale/kept-rows.js';
import { measureLog } from './scale/measure-log.js';
import { scaleFigure } from './scale/scale-figure.js';
import { scalePage } from './scale/scale-page.js';
import { featuresOf, type LogShape, logName, membersOf, type ScaleRow, USUAL } from './scale/scale-row.js';

const DEFAULT_ROWS = [1_000_000, 10_000_000];
/** Measured at the least length alone, and at none past the second figure: fewer members with more events each, and more features. */
const OTHER_SHAPES: readonly LogShape[] = [
  { ...USUAL, eventsEach: 200 },
  { ...USUAL, moreFeatures: 10 },
];
const OTHER_SHAPES_UP_TO = 1_000_000;

interface ScaleOptions {
  readonly rows: readonly number[];
  /** Folder for logs and what is made of them, tens of gigabytes at 100 M events, and for the rows that are measured: they are not measured again. */
  readonly folder: string | undefined;
  readonly write: boolean;
  readonly root: string;
  readonly built: string;
  readonly note: (text: string) => void;
}

/** The rows asked for, and those that the folder keeps of before. */
export async function benchScale(
  options: ScaleOptions,
): Promise<{ readonly rows: readonly ScaleRow[]; readonly report: string }> {
  const { built, note } = options;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'limaml-bench-scale-')));
  try {
    let rows = [...(await keptRows(folder))];
    for (const { events, shape } of logsOf(options.rows.length > 0 ? options.rows : DEFAULT_ROWS)) {
      const ofLog = ({ events: long, shape: kind }: ScaleRow) =>
        logName(long, kind) === logName(events, shape);
      const onRow = async (row: ScaleRow): Promise<void> => {
        rows = [...rows.filter((other) => !ofLog(other) || other.stage !== row.stage), row];
        rows.sort((a, b) => a.events - b.events);
        await keepRows(folder, rows);
      };
      await measureLog({ events, shape, folder, before: rows.filter(ofLog), built, note, onRow });
    }
    if (options.write) {
      await writeFile(
        join(options.root, 'docs', 'scale.md'),
        scalePage(rows, new Date().toISOString().slice(0, 10)),
      );
      await writeFile(join(options.root, 'docs', 'scale.svg'), scaleFigure(rows));
    }
    return { rows, report: report(rows) };
  } finally {
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  }
}

function logsOf(asked: readonly number[]): readonly { readonly events: number; readonly shape: LogShape }[] {
  const lengths = [...new Set(asked)].sort((a, b) => a - b);
  const least = lengths.filter((events, place) => place === 0 && events <= OTHER_SHAPES_UP_TO);
  return [
    ...least.flatMap((events) => OTHER_SHAPES.map((shape) => ({ events, shape }))),
    ...lengths.map((events) => ({ events, shape: USUAL })),
  ];
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
