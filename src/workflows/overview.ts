// `limaml` alone: what is here, and the next command.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { PREPARED_FORMAT } from '../prepared/format.js';
import { readManifest } from '../prepared/read-manifest.js';
import { silent } from '../progress.js';
import { bestRun } from '../runs/best.js';
import { listSummaries, type RunSummary } from '../runs/list.js';
import type { UnreadRun } from '../runs/unread.js';
import { type FoundBundle, findBundles } from './found-bundles.js';
import { jsonFormat } from './json-format.js';

interface FoundExperiment {
  readonly name: string;
  readonly runs: number;
  readonly finished: number;
  /** By validation AUC; null without a finished run, or where runs are of several data. */
  readonly best: { readonly run: string; readonly valid: number | null; readonly test: number | null } | null;
  readonly tags: readonly string[];
}

interface FoundPrepared {
  readonly path: string;
  readonly dataset: string;
  /** Null where it cannot be read. */
  readonly rows: number | null;
  /** Rows that could not be read and were left out (`--on-error reject`). */
  readonly rejected: number;
}

interface NextStep {
  readonly what: string;
  /** After `limaml`. */
  readonly words: readonly string[];
}

export interface Overview {
  /** Descriptors in `datasets/` here. */
  readonly datasets: readonly string[];
  readonly prepared: readonly FoundPrepared[];
  readonly experiments: readonly FoundExperiment[];
  readonly bundles: readonly FoundBundle[];
  readonly unread: readonly UnreadRun[];
  /** Most fitting first. */
  readonly next: readonly NextStep[];
}

export async function overview(cwd: string): Promise<Overview> {
  const { runs, unread } = listSummaries(cwd);
  const datasets = named(join(cwd, 'datasets'), '.yaml');
  const recipes = foldersIn(join(cwd, 'experiments')).filter((name) =>
    existsSync(join(cwd, 'experiments', name, 'experiment.yaml')),
  );
  const names = [...new Set([...recipes, ...runs.map(({ experiment }) => experiment)])].sort();
  const experiments = names.map((name) => experimentOf(name, runs));
  const found = {
    datasets,
    prepared: await findPreparedHere(join(cwd, 'prepared')),
    experiments,
    bundles: await findBundles(cwd),
    unread,
  };
  return { ...found, next: nextSteps(found, runs) };
}

function experimentOf(name: string, all: readonly RunSummary[]): FoundExperiment {
  const runs = all.filter(({ experiment }) => experiment === name);
  const best = bestOf(runs);
  return {
    name,
    runs: runs.length,
    finished: runs.filter(({ state }) => state === 'finished').length,
    best:
      best === undefined
        ? null
        : { run: best.id, valid: best.valid['auc'] ?? null, test: best.test?.['auc'] ?? null },
    tags: [...new Set(runs.flatMap(({ tags }) => tags))].sort(),
  };
}

function bestOf(runs: readonly RunSummary[]): RunSummary | undefined {
  try {
    return bestRun('best', { runs, unread: [] }, undefined, silent);
  } catch (error) {
    // Runs of several data, or that followed no AUC: none of them is the best.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function findPreparedHere(folder: string): Promise<readonly FoundPrepared[]> {
  const paths = foldersIn(folder)
    .map((name) => join(folder, name))
    .filter((path) => jsonFormat(join(path, 'manifest.json')) === PREPARED_FORMAT.name);
  return Promise.all(
    paths.map(async (path) => {
      try {
        const { dataset, rows, dropped } = await readManifest(path);
        return { path, dataset, rows, rejected: dropped['rejected rows'] ?? 0 };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { path, dataset: 'cannot be read', rows: null, rejected: 0 };
      }
    }),
  );
}

/** What the work lacks first: data, a recipe, a run, its measure, its bundle. */
function nextSteps(
  { datasets, prepared, experiments, bundles }: Omit<Overview, 'next' | 'unread'>,
  runs: readonly RunSummary[],
): readonly NextStep[] {
  if (datasets.length === 0 && experiments.length === 0 && bundles.length === 0)
    return [
      { what: 'Everything once, on made-up data', words: ['quickstart'] },
      { what: 'Your own log', words: ['init', 'my-log.csv'] },
    ];
  const own = runs.filter(({ state, baselineOf }) => state === 'finished' && baselineOf === null);
  const newest = own.at(-1);
  const unprepared = datasets.find((name) => !prepared.some(({ dataset }) => dataset === name));
  const recipe = experiments[0]?.name ?? 'synthetic';
  // What was prepared without rows that cannot be read would stop at them.
  const rejects = prepared.some(({ dataset, rejected }) => dataset === recipe && rejected > 0);
  const train = {
    what: 'Train one',
    words: ['train', recipe, ...(rejects ? ['--on-error', 'reject'] : [])],
  };
  if (newest === undefined)
    return unprepared !== undefined && prepared.length === 0
      ? [{ what: 'Look at the data', words: ['prep', unprepared, '--dry-run'] }]
      : [train];
  const served = bundles.some(({ run }) => run === newest.id);
  const run = `${newest.experiment}/latest`;
  if (newest.test === null)
    return [{ what: 'Measure the newest run', words: ['eval', run, '--baseline', 'widedeep'] }];
  if (!served)
    return [{ what: 'Serve the newest run', words: ['export', run, '--out', 'bundle', '--verify'] }];
  return [{ what: 'All of it on one page', words: ['report', newest.experiment] }];
}

const foldersIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort()
    : [];

const named = (folder: string, end: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(end))
        .map((file) => file.slice(0, -end.length))
        .sort()
    : [];
