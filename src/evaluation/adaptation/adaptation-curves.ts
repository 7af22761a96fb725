// What adaptation buys: a trained model scored again with fewer inner steps, less support, older support, shuffled support.

import type { ExecutionConfig } from '../../engine/execution-config.js';
import { loadSource } from '../../engine/features/load-source.js';
import type { ModelState } from '../../engine/model-state.js';
import { programsToScore } from '../../engine/programs/program-key.js';
import { openRunner } from '../../engine/runner/open-runner.js';
import type { MetaPart, Model } from '../../models/contract/definition.js';
import type { PreparedDataset } from '../../prepared/dataset.js';
import { SPLIT } from '../../prepared/format.js';
import type { Progress } from '../../progress.js';
import { randomStream } from '../../random.js';
import type { RowRoles } from '../../scoring/learning-rows.js';
import type { AdaptedEntities } from '../../scoring/score.js';
import type { TrainingConfig } from '../../training/config.js';
import type { EvaluationConfig } from '../config/evaluation-config.js';
import { logLoss } from '../metrics/log-loss.js';
import { countPositives } from '../metrics/value.js';
import type { AdaptationCurves, AdaptationPoint, EmbeddingMap } from './adaptation-result.js';
import { type CurvePoint, PRIOR, planCurves, SERVED } from './curve-variants.js';
import { embeddingMap } from './embedding-map.js';
import { sampleEntities } from './entity-sample.js';
import { type PairedAucs, pairedAucs } from './paired-aucs.js';
import { type ScoredVariants, scoreVariants } from './score-variants.js';

interface AdaptationInputs {
  readonly model: Model;
  readonly meta: MetaPart;
  readonly state: ModelState;
  readonly dataset: PreparedDataset;
  /** What the model learned from and may be adapted on when the test rows are scored. */
  readonly roles: RowRoles;
  readonly training: TrainingConfig;
  readonly execution: ExecutionConfig;
  readonly config: EvaluationConfig;
  /** Seed of the run. */
  readonly seed: number;
  readonly progress: Progress;
}

export interface AdaptationStudy {
  readonly curves: AdaptationCurves;
  readonly map: EmbeddingMap;
}

/** Scores the test rows once for every point of the curves and measures them on the same draws of entities. */
export async function studyAdaptation(inputs: AdaptationInputs): Promise<AdaptationStudy> {
  const { model, meta, state, dataset, roles, training, execution, config, seed, progress } = inputs;
  const { adaptation } = config;
  const stream = randomStream(seed, 'adaptation', 'sample');
  const most = { entities: adaptation.maxEntities, rows: adaptation.maxRows };
  const sample = await sampleEntities(dataset, SPLIT.test, most, stream);
  progress({
    kind: 'stage',
    name: `adaptation of ${model.name}`,
    detail: `${sample.rows} test rows of ${sample.entities} entities${sample.sampledFrom === null ? '' : `, a sample of ${sample.sampledFrom.entities}`}`,
  });
  const plan = planCurves(meta, adaptation, { roles, training, seed });
  const source = await loadSource(dataset, roles.learn);
  const runner = await openRunner(
    model,
    state,
    execution,
    programsToScore(model, { innerSteps: plan.adaptSteps }),
  );
  const adapted: Record<typeof SERVED | typeof PRIOR, AdaptedEntities[]> = { [SERVED]: [], [PRIOR]: [] };
  let scored: ScoredVariants;
  try {
    const shared = {
      model,
      dataset: sample.dataset,
      source,
      runner,
      tileRows: execution.tileRows,
      rows: sample.rows,
      progress,
    };
    const variants = plan.variants.map((variant) =>
      variant.key === SERVED || variant.key === PRIOR
        ? { ...variant, onVectors: keep(adapted[variant.key]) }
        : variant,
    );
    scored = await scoreVariants(shared, variants);
  } finally {
    await runner.close();
  }
  const { label, unit, entities } = scored;
  const aucs = pairedAucs(
    { label, unit, units: entities },
    scored.variants.map(({ probability }) => probability),
    config,
    randomStream(seed, 'adaptation', 'bootstrap'),
  );
  const point = pointsOf(scored, aucs);
  const curve = (points: readonly CurvePoint[]): AdaptationPoint[] =>
    points.map(({ at, key }) => point(at, key));
  const curves: Omit<AdaptationCurves, 'conditions'> = {
    model: model.name,
    rows: sample.rows,
    entities,
    positives: countPositives(label),
    sampledFrom: sample.sampledFrom,
    level: config.level,
    bootstrap: { replicates: config.bootstrap.replicates, units: aucs.units, auc: aucs.auc, seed },
    steps: meta.adaptSteps,
    maxSupport: meta.maxSupport,
    prior: point(0, PRIOR),
    served: point(meta.adaptSteps, SERVED),
    innerSteps: curve(plan.innerSteps),
    supportSize: curve(plan.supportSize),
    staleness: curve(plan.staleness),
    refreshes: plan.refreshes.map(({ at, key, refresh }) => ({ ...point(at, key), refresh })),
    placebo: plan.placebo === undefined ? null : point(meta.adaptSteps, plan.placebo),
    ...(plan.placebo === undefined
      ? { noPlacebo: 'the model was trained on shuffled support labels: every number here is of the placebo' }
      : {}),
  };
  return {
    curves: { ...curves, conditions: conditions(curves) },
    map: embeddingMap(
      model.name,
      meta.size,
      { served: adapted[SERVED], prior: adapted[PRIOR] },
      config,
      seed,
    ),
  };
}

const keep =
  (parts: AdaptedEntities[]) =>
  (part: AdaptedEntities): void =>
    void parts.push(part);

/** Makes a curve's point of a scored variant. */
function pointsOf(
  { label, variants }: ScoredVariants,
  aucs: PairedAucs,
): (at: number, key: string) => AdaptationPoint {
  const place = new Map(variants.map(({ key }, i) => [key, i]));
  const [prior, served] = [place.get(PRIOR)!, place.get(SERVED)!];
  return (at, key) => {
    const here = place.get(key)!;
    const { probability, entitiesWithSupport, meanSupport, medianAgeDays } = variants[here]!;
    return {
      at,
      ...aucs.at(here),
      logLoss: logLoss(label, probability).value ?? 0,
      overPrior: aucs.delta(here, prior),
      overServed: aucs.delta(here, served),
      entitiesWithSupport,
      meanSupport,
      medianAgeDays,
    };
  };
}

/** What a reader must know to read the curves rightly. */
function conditions(curves: Omit<AdaptationCurves, 'conditions'>): string[] {
  const { level, entities, sampledFrom, maxSupport, innerSteps } = curves;
  const percent = `${Math.round(level * 1000) / 10} %`;
  const stepsDiffer = innerSteps[0]?.overPrior.delta !== 0;
  return [
    `The same trained model is scored again and again; nothing is trained anew. Intervals (${percent}) are over entities like these ${entities.toLocaleString('en-US')}, and differences are paired.`,
    ...(sampledFrom === null
      ? []
      : [
          `To bound the time, the curves are those of ${entities} of ${sampledFrom.entities} entities, drawn at random by the seed.`,
        ]),
    `Support size n: every entity is adapted on its last n known rows, or all it has; at most ${maxSupport}.`,
    'Placebo: the labels of the support rows are shuffled within each entity. That keeps how often an entity clicks and takes away on what, so what the placebo still gains is the entity’s own rate alone.',
    'Staleness d: only support rows at least d days older than the entity’s first scored row are used. Older support is also less support where a history is short: see the support rows left at each point.',
    'Refreshed: vectors are adapted anew on everything before, scored rows and their labels too, at multiples of the period (or at every event); frozen ones know nothing after an entity’s first scored row.',
    ...(stepsDiffer
      ? [
          'At 0 inner steps the meta block still sees the features of the support rows, so it is not the prior.',
        ]
      : []),
  ];
}
