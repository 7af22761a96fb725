// One pass over the rows that counts them, for models whose numbers are counts.
import type { FeatureSource } from '../engine/features/feature-source.js';
import { loadSource } from '../engine/features/load-source.js';
import { copyState, initialState, type ModelState } from '../engine/model-state.js';
import { programsToScore } from '../engine/programs/program-key.js';
import { openRunner } from '../engine/runner/open-runner.js';
import { InternalError } from '../errors.js';
import type { LabelCounts } from '../models/contract/label-counts.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { rolesAfter } from '../scoring/learning-rows.js';
import { figuresOf } from './epoch-figures.js';
import type { PhaseResult, Selected } from './phase-result.js';
import type { TrainInputs } from './train-inputs.js';
import type { EpochRecord, Phase } from './training-state.js';
import { validate } from './validate.js';

/** Counts, validates unless it is the refit, and tells of it as of one epoch. */
export async function countPhase(
  inputs: TrainInputs,
  phase: Phase,
  selected: Selected | undefined,
): Promise<PhaseResult> {
  const { model, dataset, seed, progress } = inputs;
  const roles = rolesAfter({ refit: phase === 'refit' });
  const source = await loadSource(dataset, roles.learn);
  progress({ kind: 'stage', name: `${phase === 'refit' ? 'refit' : 'train'} ${model.name}` });
  const counts = await countLabels(dataset, source, roles.learn);
  const state = initialState(model, seed);
  if (model.counted === undefined)
    throw new InternalError(`model "${model.name}" does not say what it counts`);
  for (const [name, values] of model.counted(counts)) place(state, name, values);
  let record: EpochRecord = { phase, epoch: 1, loss: entropy(counts) };
  let best = selected?.best;
  if (phase === 'select') {
    const runner = await openRunner(model, state, inputs.execution, programsToScore(model));
    try {
      const { metrics } = await validate(inputs, source, runner, state);
      record = { ...record, valid: metrics };
      best = { epoch: 1, metrics, innerRate: undefined, state: copyState(state) };
    } finally {
      await runner.close();
    }
  }
  const scores = selected?.scores ?? [best!.metrics.score];
  progress({ kind: 'epoch', epoch: 1, epochs: 1, figures: figuresOf(record, inputs.metrics) });
  const optimizer = { steps: 0, slots: new Map() };
  await inputs.onEpoch(record, { phase, epoch: 1, selectEpochs: 1, state, optimizer, best, scores });
  return { state, best, epochs: 1, scores };
}

function place(state: ModelState, name: string, values: Float32Array): void {
  const to = state.parameters.get(name) ?? state.tables.get(name);
  if (to === undefined || to.length !== values.length)
    throw new InternalError(
      `${values.length} numbers were counted for "${name}", ${to?.length ?? 0} are wanted`,
    );
  to.set(values);
}

/** Rows and clicks of the splits in `learn`, shard by shard. */
async function countLabels(
  dataset: PreparedDataset,
  { seenEntity, seenItem }: FeatureSource,
  learn: readonly number[],
): Promise<LabelCounts> {
  const empty = ({ length }: Uint8Array) => ({
    rows: new Float64Array(length),
    clicks: new Float64Array(length),
  });
  const counts = { entity: empty(seenEntity), item: empty(seenItem) };
  for (let index = 0; index < dataset.shardCount; index++) {
    const shard = await dataset.shard(index);
    for (let row = 0; row < shard.rows; row++) {
      if (!learn.includes(shard.split[row]!)) continue;
      for (const [of, id] of [
        [counts.entity, shard.entity[row]!],
        [counts.item, shard.item[row]!],
      ] as const) {
        of.rows[id]!++;
        of.clicks[id]! += shard.label[row]!;
      }
    }
  }
  return counts;
}

/** Mean loss of who says the mean rate of every row: what stands for a training loss where nothing is trained. */
function entropy({ item: { rows, clicks } }: LabelCounts): number {
  const [all, clicked] = [rows, clicks].map((of) => of.reduce((sum, n) => sum + n, 0)) as [number, number];
  const part = (n: number): number => (n === 0 ? 0 : -(n / all) * Math.log(n / all));
  return part(clicked) + part(all - clicked);
}
