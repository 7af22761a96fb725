// Permutation importance (Breiman 2001): test rows scored with one field's values exchanged among them, again and again.
import type { ExecutionConfig } from '../../engine/execution-config.js';
import type { FeatureSource } from '../../engine/features/feature-source.js';
import { loadSource } from '../../engine/features/load-source.js';
import type { ModelState } from '../../engine/model-state.js';
import { programsToScore } from '../../engine/programs/program-key.js';
import { openRunner } from '../../engine/runner/open-runner.js';
import type { TileRunner } from '../../engine/runner/tile-runner.js';
import type { Model } from '../../models/contract/definition.js';
import type { Field } from '../../models/contract/fields.js';
import type { EventShard, PreparedDataset } from '../../prepared/dataset.js';
import { SPLIT } from '../../prepared/format.js';
import type { Progress } from '../../progress.js';
import { randomStream } from '../../random.js';
import { adaptEpisodes } from '../../scoring/adapt.js';
import type { RowRoles } from '../../scoring/learning-rows.js';
import { scoreRows } from '../../scoring/score-rows.js';
import { type PlaceboOption, servedSupport } from '../../scoring/served-support.js';
import { atFirstRow, type ScoredEpisode, scoredEpisodes } from '../../scoring/windows.js';
import { sampleEntities } from '../adaptation/entity-sample.js';
import { auc } from '../metrics/auc.js';
import { logLoss } from '../metrics/log-loss.js';
import { columnOf, exchangedPlaces, readFields } from './exchanged-rows.js';
import type { FieldImportance, Importance } from './importance-result.js';
import { spreadOf } from './spread.js';

/** Enough to rank features by; past them a seeded sample of entities is scored. */
const MOST = { entities: 5000, rows: 200_000 } as const;

interface ImportanceInputs {
  readonly model: Model;
  readonly state: ModelState;
  readonly dataset: PreparedDataset;
  readonly roles: RowRoles;
  readonly training: PlaceboOption;
  readonly execution: ExecutionConfig;
  readonly level: number;
  readonly repeats: number;
  /** Seed of the run. */
  readonly seed: number;
  readonly progress: Progress;
}

/** Scores the test rows `repeats` times for each field that the model reads of them; vectors stay as they are served. */
export async function measureImportance(inputs: ImportanceInputs): Promise<Importance> {
  const { model, state, dataset, roles, execution, level, repeats, seed, progress } = inputs;
  const sample = await sampleEntities(dataset, SPLIT.test, MOST, randomStream(seed, 'importance', 'sample'));
  const fields = readFields(model);
  progress({
    kind: 'stage',
    name: `importance for ${model.name}`,
    detail: `${fields.length} features, ${repeats} times each, ${sample.rows} test rows`,
  });
  const source = await loadSource(dataset, roles.learn);
  const runner = await openRunner(model, state, execution, programsToScore(model));
  try {
    const parts = await adaptedParts(inputs, sample.dataset, source, runner);
    const shards = parts.map(({ shard }) => shard);
    const label = concatenated(parts.map(({ shard, rows }) => rows.map((row) => shard.label[row]!)));
    const measured = async (from: FeatureSource): Promise<Measured> => {
      const scores = await scored(parts, model, from, runner, execution.tileRows);
      return { auc: auc(label, scores).value, logLoss: logLoss(label, scores).value ?? 0 };
    };
    const plain = await measured(source);
    const orders = Array.from({ length: repeats }, (_, r) =>
      exchangedPlaces(shards, SPLIT.test, randomStream(seed, 'importance', 'repeat', r)),
    );
    const found: FieldImportance[] = [];
    for (const [f, field] of fields.entries()) {
      const column = columnOf(field, shards, source);
      const losses: Measured[] = [];
      for (const [r, places] of orders.entries()) {
        const now = { field: field.name };
        progress({
          kind: 'step',
          done: f * repeats + r,
          total: fields.length * repeats,
          unit: 'scorings',
          figures: now,
        });
        losses.push(await measured({ ...source, exchanged: { field: field.name, column, places } }));
      }
      found.push(importanceOf(field, plain, losses, level));
    }
    const counts = { rows: sample.rows, entities: sample.entities, sampledFrom: sample.sampledFrom };
    return {
      model: model.name,
      split: 'test',
      ...counts,
      repeats,
      seed,
      level,
      ...plain,
      fields: found.sort((a, b) => weightOf(b) - weightOf(a)),
      conditions: conditions(repeats),
    };
  } finally {
    await runner.close();
  }
}

interface Measured {
  readonly auc: number | null;
  readonly logLoss: number;
}

/** The scored rows of one shard, with the vectors that they are scored with. */
interface Part {
  readonly shard: EventShard;
  readonly episodes: readonly ScoredEpisode[];
  readonly vectors: Float32Array | undefined;
  /** [rows] rows of the shard, and the place of each row's episode */
  readonly rows: Int32Array;
  readonly owner: Int32Array;
}

async function adaptedParts(
  { model, roles, training, execution, seed }: ImportanceInputs,
  dataset: PreparedDataset,
  source: FeatureSource,
  runner: TileRunner,
): Promise<readonly Part[]> {
  const policy = servedSupport(model, roles, training, seed);
  const parts: Part[] = [];
  for (let index = 0; index < dataset.shardCount; index++) {
    const shard = await dataset.shard(index);
    const episodes = [...scoredEpisodes(shard, SPLIT.test, policy, atFirstRow)];
    const vectors = await adaptEpisodes(model, episodes, shard, source, runner, execution);
    const rows = Int32Array.from(episodes.flatMap(({ query }) => [...query]));
    const owner = Int32Array.from(episodes.flatMap(({ query }, e) => [...query].map(() => e)));
    parts.push({ shard, episodes, vectors, rows, owner });
  }
  return parts;
}

async function scored(
  parts: readonly Part[],
  model: Model,
  source: FeatureSource,
  runner: TileRunner,
  tileRows: number,
): Promise<Float64Array> {
  const scores: Float64Array[] = [];
  for (const { shard, rows, owner, ...known } of parts)
    scores.push(await scoreRows({ model, shard, source, runner, tileRows }, { rows, owner }, known));
  return Float64Array.from(scores.flatMap((part) => [...part]));
}

function importanceOf(
  field: Field,
  plain: Measured,
  losses: readonly Measured[],
  level: number,
): FieldImportance {
  const aucs = losses.flatMap((one) => (one.auc === null ? [] : [one.auc]));
  const lost = plain.auc === null ? [] : aucs.map((value) => plain.auc! - value);
  return {
    field: field.name,
    of: field.source.kind === 'feature' ? field.source.side : 'id',
    auc: lost.length === 0 ? null : spreadOf(lost, level),
    logLoss: spreadOf(
      losses.map((one) => one.logLoss - plain.logLoss),
      level,
    ),
  };
}

const weightOf = ({ auc, logLoss }: FieldImportance): number => auc?.mean ?? logLoss.mean;

const concatenated = (parts: readonly Int32Array[] | readonly Float32Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** How to read it rightly. */
const conditions = (repeats: number): readonly string[] => [
  'Measured on test rows, for reading alone: features that are chosen by it must be judged on other rows.',
  `The values of one feature are exchanged among the scored rows at random, ${repeats} times by the run's seed; nothing is trained anew. Intervals are over these repeats: they say how sure the mean is on these rows, not what other members would give.`,
  'Support rows, and the vectors adapted on them, keep their values: what a feature is worth to adaptation is not in here.',
  'Two features that say the same cover for each other: either may look worthless while both together are not.',
];
