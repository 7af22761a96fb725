// The benchmark settings by name, and the folder each is written to once.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adaptDense, adaptSparse } from './adapt.js';
import { type Workload, writeWorkload } from './arrays.js';
import { denseMeta } from './dense-meta.js';
import { REPLAY_PARTS, REPLAYED_ROWS, replay } from './replay.js';
import { DAY_MS } from './replay-shards.js';
import { deepRows, EPOCH_ROWS } from './rows.js';
import { scoring } from './scoring.js';
import { sparseMeta } from './sparse-meta.js';

export interface Setting {
  readonly name: string;
  readonly group: 'train' | 'adapt' | 'score' | 'rows' | 'replay';
  readonly title: string;
  /** What is counted a second, and how many of it one step does. */
  readonly unit: 'tasks' | 'entities' | 'rows';
  readonly perStep: number;
  /** Steps that make up the whole, where each is another part of it; else steps are alike. */
  readonly parts?: number;
  /** Steps before the first that is timed: what a training pays once, as for memory touched for the first time, is not a step's. 1 when absent. */
  readonly warmSteps?: number;
  /** Steps of a round, where something is done once for so many or fewer; as many as fit when absent. */
  readonly roundSteps?: number;
  readonly build: () => Workload;
}

export const settings: readonly Setting[] = [
  {
    name: 'a1',
    group: 'train',
    title: '256 tasks × (16 + 16) rows, dense, 1 inner step',
    unit: 'tasks',
    perStep: 256,
    build: () => denseMeta('a1', 1),
  },
  {
    name: 'a5',
    group: 'train',
    title: '256 tasks × (16 + 16) rows, dense, 5 inner steps',
    unit: 'tasks',
    perStep: 256,
    build: () => denseMeta('a5', 5),
  },
  {
    name: 'b',
    group: 'train',
    title: '128 tasks × (0–100 + 20) rows, 12 embeddings of 1 M rows trained, 3 inner steps',
    unit: 'tasks',
    perStep: 128,
    build: () => sparseMeta('b'),
  },
  {
    name: 'c1',
    group: 'adapt',
    title: 'adapt 2,048 entities of 16 rows, dense, 1 inner step',
    unit: 'entities',
    perStep: 2048,
    build: () => adaptDense('c1'),
  },
  {
    name: 'c3',
    group: 'adapt',
    title: 'adapt 2,048 entities of 0–100 rows, 12 embeddings, 3 inner steps',
    unit: 'entities',
    perStep: 2048,
    build: () => adaptSparse('c3'),
  },
  {
    name: 'd',
    group: 'score',
    title: 'score 1 M rows, 12 embeddings and the meta embedding gathered',
    unit: 'rows',
    perStep: 1_000_000,
    build: () => scoring('d'),
  },
  ...([1024, 4096] as const).flatMap((batchRows) =>
    (['small', 'large'] as const).map((tables): Setting => {
      const name = `e-${tables}-${batchRows}`;
      return {
        name,
        group: 'rows',
        title: `${batchRows} rows of 10 embeddings, 256-128, ${tables === 'small' ? 'small tables' : 'five tables of 1 M rows'}`,
        unit: 'rows',
        perStep: batchRows,
        // Our JavaScript is being compiled for some thousand steps; a training has more.
        warmSteps: 10 * (EPOCH_ROWS / batchRows),
        roundSteps: EPOCH_ROWS / batchRows,
        build: () => deepRows(name, batchRows, tables),
      };
    }),
  ),
  ...(
    [
      ['1d', DAY_MS, 'refreshed daily'],
      ['event', 0, 'adapted anew at every event'],
    ] as const
  ).map(
    ([name, refreshMs, how]): Setting => ({
      name,
      group: 'replay',
      title: `rows of 10,000 entities over 30 days scored as served, vectors ${how}`,
      unit: 'rows',
      perStep: REPLAYED_ROWS,
      parts: REPLAY_PARTS,
      build: () => replay(name, refreshMs),
    }),
  ),
];

/** The folder of a setting, named after the code that fills it, so that changed code never meets old arrays. */
export function workloadFolder(setting: Setting, codeFolder: string): string {
  const digest = createHash('sha256');
  for (const file of readdirSync(codeFolder)
    .filter((name) => name.endsWith('.js'))
    .sort())
    digest.update(readFileSync(join(codeFolder, file)));
  const folder = join(tmpdir(), 'limaml-bench', `${setting.name}-${digest.digest('hex').slice(0, 12)}`);
  if (!existsSync(join(folder, 'manifest.json'))) writeWorkload(folder, setting.build());
  return folder;
}
