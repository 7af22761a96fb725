// Everything a run folder says of itself, in one object; and the part of it that a list shows.

import type { SupportRecord } from '../training/support-shares.js';
import type { EpochRecord } from '../training/training-state.js';
import { type RunConfig, readRunConfig, readStoredConfig } from './config.js';
import { type RunEvaluation, readEvaluation } from './evaluation.js';
import type { RunPlace } from './find.js';
import { checkRecord, readDone } from './folder.js';
import { readMetrics } from './metrics-log.js';
import { type Provenance, readProvenance } from './provenance.js';
import { failureOf, type RunState, runState } from './state.js';
import { readSupports } from './supports.js';

export interface RunSummary extends RunPlace {
  readonly state: RunState;
  readonly model: string;
  readonly dataset: string;
  readonly seed: number;
  /** Id of the run that this one was trained for as a baseline. */
  readonly baselineOf: string | null;
  readonly startedAt: string;
  readonly epochs: number | null;
  readonly best: { readonly epoch: number; readonly auc: number | null } | null;
  readonly seconds: number | null;
}

export interface RunDescription extends RunSummary {
  readonly config: RunConfig;
  readonly provenance: Provenance;
  readonly metrics: readonly EpochRecord[];
  /** Which supports its training episodes had; null for a model without, and for runs from before this was kept. */
  readonly supports: SupportRecord | null;
  /** `eval.json`; null where the run has not been evaluated. */
  readonly evaluation: RunEvaluation | null;
  /** What stopped it, if an error did. */
  readonly failure: string | null;
}

/** What a list of runs shows of one. Throws RUN_DAMAGED. */
export function summarise(place: RunPlace): RunSummary {
  const { recipe, dataset, baselineOf } = readStoredConfig(place.path);
  const { startedAt } = readProvenance(place.path);
  const state = runState(place.path);
  const done = state === 'finished' ? readDone(place.path) : undefined;
  return {
    ...place,
    state,
    model: recipe.model.name,
    dataset: dataset.name,
    seed: recipe.seed,
    baselineOf,
    startedAt,
    epochs: done?.epochs ?? null,
    best: done?.best ?? null,
    seconds: done?.seconds ?? null,
  };
}

/** The whole of it. Throws RUN_DAMAGED, also where a finished run's record is not what it was. */
export function describeRun(place: RunPlace): RunDescription {
  const summary = summarise(place);
  if (summary.state === 'finished') checkRecord(place.path, readDone(place.path));
  return {
    ...summary,
    config: readRunConfig(place.path),
    provenance: readProvenance(place.path),
    metrics: readMetrics(place.path),
    supports: readSupports(place.path),
    evaluation: readEvaluation(place),
    failure: summary.state === 'failed' ? failureOf(place.path) : null,
  };
}
