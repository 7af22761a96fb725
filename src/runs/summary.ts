// What a list of runs knows of one: read from its own folder, without what other folders say of it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { hashBytes } from '../hash.js';
import { changed, type DoneRecord, readDone } from './done.js';
import { readEvaluation } from './evaluation.js';
import { runDamaged } from './json.js';
import { METRICS_LOG, readMetrics } from './metrics-log.js';
import type { RunPlace } from './places.js';
import { readProvenance } from './provenance.js';
import { type RunState, runState } from './state.js';
import { overridesOf, readStoredConfig } from './stored-config.js';

/** By the name of the metric. */
export type MetricValues = Readonly<Record<string, number | null>>;

export interface OwnSummary {
  readonly state: RunState;
  readonly model: string;
  readonly dataset: string;
  readonly dataHash: string;
  readonly seed: number;
  /** Id of the run that this one was trained for as a baseline. */
  readonly baselineOf: string | null;
  /** Flags that made it something else than its recipe. */
  readonly overrides: readonly string[];
  readonly startedAt: string;
  readonly epochs: number | null;
  readonly best: { readonly epoch: number; readonly auc: number | null } | null;
  readonly seconds: number | null;
  /** Metrics on validation rows at the best epoch. */
  readonly valid: MetricValues;
  /** What its evaluation measured on test rows, by the id of the run: itself and its baselines. */
  readonly evaluated: Readonly<Record<string, MetricValues>>;
  /** Files beside the record that cannot be read; what they would say is left out. */
  readonly faults: readonly { readonly where: string; readonly why: string }[];
}

/** Throws RUN_DAMAGED for the record itself; a damaged evaluation or log of metrics is noted in `faults`. */
export function summarise(place: RunPlace): OwnSummary {
  const config = readStoredConfig(place.path);
  const { startedAt } = readProvenance(place.path);
  const state = runState(place.path);
  const done = state === 'finished' ? readDone(place.path) : undefined;
  const faults: { where: string; why: string }[] = [];
  const noting = <T>(otherwise: T, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push({ where: error.where ?? place.path, why: error.what });
      return otherwise;
    }
  };
  return {
    state,
    model: config.recipe.model.name,
    dataset: config.dataset.name,
    dataHash: config.dataset.hash,
    seed: config.recipe.seed,
    baselineOf: config.baselineOf,
    overrides: overridesOf(config),
    startedAt,
    epochs: done?.epochs ?? null,
    best: done?.best ?? null,
    seconds: done?.seconds ?? null,
    valid: noting({}, () => (done === undefined ? {} : validAtBest(place, done))),
    evaluated: noting({}, () => evaluatedRuns(place)),
    faults,
  };
}

function validAtBest({ path }: RunPlace, { best, files }: DoneRecord): MetricValues {
  const file = join(path, METRICS_LOG);
  const expected = files[METRICS_LOG];
  if (expected === undefined) return {};
  if (!existsSync(file)) throw runDamaged(file, 'This file of the run is gone.');
  const actual = hashBytes(readFileSync(file));
  if (actual !== expected) throw changed(file, actual, expected);
  const chosen = readMetrics(path).find(({ phase, epoch }) => phase === 'select' && epoch === best.epoch);
  const { score: _, ...metrics } = chosen?.valid ?? {};
  return metrics as MetricValues;
}

function evaluatedRuns(place: RunPlace): OwnSummary['evaluated'] {
  const models = readEvaluation(place)?.models ?? [];
  return Object.fromEntries(
    models.map(({ run, metrics }) => [
      run,
      Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value])),
    ]),
  );
}
