// A clone in small, for what README and the help texts say: the same names of data sets and experiments, seconds to train.
import { createReadStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/database.js';
import { copyTo, csvFile } from '../../src/database/files.js';
import { runMain } from './in-process.js';
import { ROOT } from './run-limaml.js';
import { tinyEvents } from './small-project.js';

export interface Stage {
  readonly cwd: string;
  /** Runs a line as a shell would: `<` and `>` name files of the stage. */
  run(line: string): Promise<{ readonly code: number | null; readonly said: string }>;
  remove(): Promise<void>;
}

const recipe = (name: string): string => `name: ${name}
dataset: synthetic
model: { name: limaml, embedding: { size: 4 }, meta: { hidden: [8], size: 4 }, global: { hidden: [8] } }
baselines: { widedeep: { hidden: [8], embedding: { size: 4 } }, deep: {} }
training: { epochs: 2 }
evaluation: { bootstrap: { replicates: 200 } }
execution: { workers: 0 }
check: { seeds: [1, 2], referenceSeeds: 3 }
sweep: { trials: 2, space: { training.clip: [1] } }
`;

/** `my-log.csv`, `logs/clicks.parquet`, `new.csv`, `day2.csv`, `rows.csv`, data of MovieLens-100K in `data`, and a descriptor of one's own. */
export async function documentedStage(): Promise<Stage> {
  const cwd = await mkdtemp(join(tmpdir(), 'limaml-documented-'));
  await cp(join(ROOT, 'datasets'), join(cwd, 'datasets'), { recursive: true });
  await cp(join(ROOT, 'datasets/samples/movielens-100k'), join(cwd, 'data'), { recursive: true });
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(join(cwd, file, '..'), { recursive: true });
    await writeFile(join(cwd, file), text);
  };
  const descriptor = await readFile(join(cwd, 'datasets/synthetic.yaml'), 'utf8');
  const small = descriptor.replace('options: {}', 'options: { members: 120, items: 60, events: 2400 }');
  if (small === descriptor) throw new Error('datasets/synthetic.yaml has no empty options to fill');
  await write('datasets/synthetic.yaml', small);
  for (const name of ['synthetic', 'movielens-100k'])
    await write(`experiments/${name}/experiment.yaml`, recipe(name));
  await write('my-log.csv', tinyEvents());
  await mkdir(join(cwd, 'logs'));
  const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
  await database.run(
    copyTo(`FROM ${csvFile(join(cwd, 'my-log.csv'))}`, join(cwd, 'logs/clicks.parquet'), 'FORMAT parquet'),
  );
  // Rows to score hold every feature; new events are lines of the raw log.
  const sample = (file: string): string =>
    csvFile(join(ROOT, 'datasets/samples/synthetic', file), 'all_varchar = true');
  await database.run(
    copyTo(
      `FROM ${sample('events-0000.csv')} v JOIN ${sample('entities.csv')} e USING (entity) JOIN ${sample('items.csv')} i USING (item)`,
      join(cwd, 'rows.csv'),
      'FORMAT csv, HEADER',
    ),
  );
  // A day that no bundle has seen.
  await database.run(
    copyTo(
      `SELECT * REPLACE (CAST(timestamp AS BIGINT) + 400000000000 AS timestamp) FROM ${sample('events-0000.csv')}`,
      join(cwd, 'day2.csv'),
      'FORMAT csv, HEADER',
    ),
  );
  database.close();
  await cp(join(ROOT, 'datasets/samples/synthetic/events-0000.csv'), join(cwd, 'new.csv'));
  await mkdir(join(cwd, 'incoming'));
  await cp(join(cwd, 'day2.csv'), join(cwd, 'incoming', 'day2.csv'));
  return {
    cwd,
    run: (line) => runLine(line, cwd),
    remove: () => rm(cwd, { recursive: true }),
  };
}

/** Runs `limaml <line>` in this process, as a shell would: `<` and `>` name files below `cwd`. */
export async function runLine(line: string, cwd: string): Promise<{ code: number | null; said: string }> {
  const words = (line.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) =>
    word.replace(/^(["'])(.*)\1$/, '$2').replace(/^~/, cwd),
  );
  const args: string[] = [];
  let from: string | undefined;
  let to: string | undefined;
  for (let at = 0; at < words.length; at++) {
    if (words[at] === '<') from = words[++at];
    else if (words[at] === '>') to = words[++at];
    else args.push(words[at]!);
  }
  const outcome = await runMain(args, {
    cwd,
    ...(from === undefined ? {} : { stdin: createReadStream(join(cwd, from)) }),
  });
  if (to !== undefined) await writeFile(join(cwd, to), outcome.stdout);
  return { code: outcome.code, said: `${outcome.stdout}${outcome.stderr}` };
}
