// Everything a run folder says of itself, in one object.
import type { ChosenShare } from '../training/choose-share.js';
import type { SupportRecord } from '../training/support-shares.js';
import type { EpochRecord } from '../training/training-state.js';
import { type RunConfig, readRunConfig } from './config.js';
import { checkRecord, readDone } from './done.js';
import { type RunEvaluation, readEvaluation } from './evaluation.js';
import { readMetrics } from './metrics-log.js';
import type { RunPlace } from './places.js';
import { type Provenance, readProvenance } from './provenance.js';
import { failureOf, type RunState, runState } from './state.js';
import { readSupports } from './supports.js';

export interface RunDescription extends RunPlace {
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
  /** Of two heads that validation rows weigh: the share of the second. */
  readonly headShare: ChosenShare | null;
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

/** The whole of it. Throws RUN_DAMAGED, also where a finished run's record is not what it was. */
export function describeRun(place: RunPlace): RunDescription {
  const state = runState(place.path);
  const done = state === 'finished' ? readDone(place.path) : undefined;
  const config = readRunConfig(place.path);
  const provenance = readProvenance(place.path);
  if (done !== undefined) checkRecord(place.path, done);
  return {
    ...place,
    state,
    model: config.recipe.model.name,
    dataset: config.dataset.name,
    seed: config.recipe.seed,
    baselineOf: config.baselineOf,
    startedAt: provenance.startedAt,
    epochs: done?.epochs ?? null,
    best: done?.best ?? null,
    seconds: done?.seconds ?? null,
    headShare: done?.headShare ?? null,
    config,
    provenance,
    metrics: readMetrics(place.path),
    supports: readSupports(place.path),
    evaluation: readEvaluation(place),
    failure: state === 'failed' ? failureOf(place.path) : null,
  };
}
