// `limaml check`: an experiment trained anew and held to its `expected.json`.
import { join } from 'node:path';
import { writeFolderAtomic } from '../../atomic-files.js';
import { loadExperiment } from '../../config/load-experiment.js';
import { UserError } from '../../errors.js';
import { DEFAULT_GATE } from '../../evaluation/gate-power.js';
import type { MetricEntry } from '../../evaluation/metrics/metric.js';
import { METRICS } from '../../evaluation/metrics/registry.js';
import { headlineMetrics } from '../../evaluation/row-metrics.js';
import { hashFile } from '../../hash.js';
import type { Progress } from '../../progress.js';
import { gatherProvenance } from '../../runs/gather-provenance.js';
import { type DataPlaces, preparedFor } from '../open-data.js';
import {
  EXPECTED_FORMAT,
  type Expectation,
  expectationPath,
  readExpectation,
  type SeedResult,
  writeExpectation,
} from './expectation.js';
import { type CheckRow, judge } from './judge.js';
import { setupOf, setupRow } from './setup.js';
import { type SeedsRequest, trainSeeds } from './train-seeds.js';

export interface CheckOptions {
  readonly places: DataPlaces;
  /** Texts of `--set`, laid over those of the recipe's `check.set`. */
  readonly set: readonly string[];
  /** `--seed`, in place of `check.seeds`. */
  readonly seeds: readonly number[];
  /** Write what is found as the new expectation. */
  readonly update: boolean;
  /** The registry's unless it is given. */
  readonly metrics?: readonly MetricEntry[];
  readonly command: readonly string[];
  readonly progress: Progress;
  readonly now: () => Date;
}

export interface ExperimentCheck {
  readonly experiment: string;
  readonly model: string;
  readonly expectation: string;
  readonly expectedSeeds: readonly number[];
  readonly seeds: readonly number[];
  /** The worsening that the check is made to catch. */
  readonly regression: number;
  readonly rows: readonly CheckRow[];
  /** After an update: metrics in which the new expectation would miss that worsening, and how many seeds it takes. */
  readonly advice: readonly string[];
  readonly passed: boolean;
  /** Whether the expectation was written. */
  readonly updated: boolean;
  readonly seconds: number;
}

/** Checks one experiment. Throws CHECK_NO_EXPECTATION where there is nothing to hold it to and `update` is off. */
export async function checkExperiment(reference: string, options: CheckOptions): Promise<ExperimentCheck> {
  const { places, update, command, progress, now, metrics: registry = METRICS } = options;
  const began = now().getTime();
  const plain = await loadExperiment({ recipe: reference, cwd: places.cwd });
  const { check, seeds: own = [1, 2, 3] } = plain.loaded.recipe;
  const checkSeeds = check.seeds ?? own;
  const experiment = await loadExperiment({
    recipe: reference,
    cwd: places.cwd,
    set: [...check.set, ...options.set],
  });
  const { recipe, origins, notes, path: recipePath, shownAs } = experiment.loaded;
  for (const text of notes) progress({ kind: 'note', text });
  const path = expectationPath(recipePath);
  // What --update is about to replace need not be readable.
  const expected = await readExpectation(path).catch((error: unknown) => {
    if (!update) throw error;
    progress({ kind: 'note', text: `${path} cannot be read: it is written anew` });
    return undefined;
  });
  if (expected === undefined && !update) {
    throw new UserError({
      code: 'CHECK_NO_EXPECTATION',
      where: path,
      what: `There is nothing to hold "${recipe.name}" to yet.`,
      next: `Write it: limaml check ${reference} --update`,
    });
  }
  const dataset = await preparedFor(experiment.data, places, progress);
  const seeds =
    options.seeds.length > 0
      ? options.seeds
      : update
        ? referenceSeeds(checkSeeds, check.referenceSeeds)
        : checkSeeds;
  const recipeFile = { file: shownAs, sha256: await hashFile(recipePath) };
  const request: CheckedSeeds = {
    recipe,
    origins,
    recipeFile,
    dataset,
    registry,
    seeds,
    command,
    progress,
    now,
  };
  let results: readonly SeedResult[] = [];
  // Each check trains in a folder of its own; what stays to be looked at is that of the last one that ended.
  await writeFolderAtomic(join(places.cwd, '.limaml', 'check', recipe.name), async (folder) => {
    results = await trainSeeds({ ...request, folder });
  });
  const setup = setupOf(recipe);
  const metrics = headlineMetrics(registry, recipe.evaluation);
  const rows =
    expected === undefined
      ? []
      : [setupRow(expected, setup, dataset.hash), ...judge(expected.results, results, metrics, check)];
  if (update) await writeExpectation(path, await expectationOf(request, places.cwd, setup, results));
  const fresh = results.filter(({ seed }) => checkSeeds.includes(seed));
  const advice = update
    ? judge(results, fresh, metrics, check).filter(
        ({ power }) => power !== null && power < DEFAULT_GATE.power,
      )
    : [];
  return {
    experiment: recipe.name,
    model: recipe.model.name,
    expectation: path,
    expectedSeeds: expected?.results.map(({ seed }) => seed) ?? [],
    seeds,
    regression: check.regression,
    rows,
    advice: advice.map(({ name, note }) => `${name}: ${note}`),
    passed: update || rows.every(({ failed }) => !failed),
    updated: update,
    seconds: (now().getTime() - began) / 1000,
  };
}

/** The seeds that are checked, and as many more as it takes to know the spread. */
function referenceSeeds(checked: readonly number[], count: number): readonly number[] {
  const seeds = [...checked];
  for (let seed = 1; seeds.length < count; seed++) if (!seeds.includes(seed)) seeds.push(seed);
  return seeds;
}

type CheckedSeeds = Omit<SeedsRequest, 'folder'>;

async function expectationOf(
  { recipe, recipeFile, dataset, command, now }: CheckedSeeds,
  folder: string,
  setup: Readonly<Record<string, unknown>>,
  results: readonly SeedResult[],
): Promise<Expectation> {
  const { limaml, node, platform, engine } = await gatherProvenance({
    startedAt: now(),
    command,
    recipe: recipeFile,
    folder,
    execution: recipe.execution,
    dataset: { name: dataset.manifest.dataset, hash: dataset.hash },
    seed: recipe.seed,
  });
  return {
    format: EXPECTED_FORMAT.name,
    version: EXPECTED_FORMAT.version,
    experiment: recipe.name,
    model: recipe.model.name,
    recipe: setup,
    data: dataset.hash,
    made: {
      limaml: limaml.version,
      node,
      platform,
      engine: `${engine.name} ${engine.version} ${engine.device}`,
    },
    results: [...results],
  };
}
