// `limaml export --verify`: test rows scored through the exported files alone, against the scores of the trained model.

import { openBundle } from '../bundle/open.js';
import type { ExecutionConfig } from '../engine/execution-config.js';
import { loadSource } from '../engine/features/load-source.js';
import type { ModelState } from '../engine/model-state.js';
import { programsToScore } from '../engine/programs/program-key.js';
import { openRunner } from '../engine/runner/open-runner.js';
import { CheckFailed } from '../errors.js';
import type { Model } from '../models/contract/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';
import type { Progress } from '../progress.js';
import { randomStream } from '../random.js';
import type { RowRoles } from '../scoring/learning-rows.js';
import { scoreSplit } from '../scoring/score.js';
import { servedSupport } from '../scoring/served-support.js';
import { type Agreement, agreements, agrees, type Kinks, kinksOf, PARITY } from './agreement.js';
import { rawSource } from './raw-rows.js';
import { scoreThroughFiles } from './score-through-files.js';
import { compareVectors } from './verify-vectors.js';

export interface VerifyRequest {
  readonly model: Model;
  readonly state: ModelState;
  readonly dataset: PreparedDataset;
  /** What the run learned from and may adapt on: test rows are scored with vectors of just these rows. */
  readonly roles: RowRoles;
  readonly execution: ExecutionConfig;
  readonly folder: string;
  /** What it is called, when it is yet to be put there; `folder` itself by default. */
  readonly shownAs?: string;
  /** About so many test rows are compared, whole entities drawn by `seed`; all when there are fewer. */
  readonly rows: number;
  readonly seed: number;
  readonly progress: Progress;
}

export interface Verified {
  /** Test rows compared, and the largest difference of their probabilities. */
  readonly rows: number;
  readonly maxAbsError: number;
  /** Stored vectors compared with adapt.onnx on the stored support rows, and the largest difference. */
  readonly vectors: number;
  readonly maxVectorError: number;
  /** By vector or by probability, whichever parts more entities. */
  readonly kinks: Kinks;
}

/** Compares the bundle with the model. Throws CheckFailed EXPORT_PARITY past rounding and a few kinks. */
export async function verifyBundle(request: VerifyRequest): Promise<Verified> {
  const { model, state, dataset, roles, execution, folder, progress } = request;
  progress({ kind: 'stage', name: 'verify', detail: request.shownAs ?? folder });
  const bundle = await openBundle(folder);
  const runner = await openRunner(model, state, execution, programsToScore(model));
  try {
    const source = await loadSource(dataset, roles.learn);
    const { score, adapt } = bundle.manifest.inputs;
    const raw = await rawSource(dataset, [...score, ...adapt]);
    const sample = sampled(dataset, request.rows, request.seed);
    let rows = 0;
    const scores = agreements();
    const parts = scoreSplit(model, sample, source, runner, SPLIT.test, {
      tileRows: execution.tileRows,
      support: servedSupport(model, roles, { shuffleSupport: false }, request.seed),
    });
    for await (const part of parts) {
      const rawRows = await raw.ofShard(part.index, part.shard);
      const ids = rawRows.entity.get('entity')!.values as readonly string[];
      const found = await scoreThroughFiles(bundle, part, rawRows, execution.tileRows);
      part.probability.forEach((expected, i) => {
        scores.add(ids[part.shard.entity[part.rows[i]!]! - rawRows.firstEntity]!, found[i]! - expected);
      });
      rows += part.rows.length;
      progress({ kind: 'step', done: rows, total: dataset.manifest.splits.test.rows, unit: 'rows' });
    }
    const probability = scores.result();
    const vector = model.adapts.length === 0 ? NOTHING : await compareVectors(bundle, request.seed);
    if (!agrees('probability', probability) || !agrees('vector', vector))
      throw mismatch(request.shownAs ?? folder, rows, probability, vector);
    return {
      rows,
      maxAbsError: probability.largest,
      vectors: vector.entities,
      maxVectorError: vector.largest,
      kinks: kinksOf(vector.apart >= probability.apart ? vector : probability),
    };
  } finally {
    await runner.close();
    await bundle.close();
  }
}

const NOTHING: Agreement = { entities: 0, apart: 0, largest: 0, worst: null };

function mismatch(folder: string, rows: number, probability: Agreement, vector: Agreement): CheckFailed {
  const told = ({ entities, apart, largest, worst }: Agreement): string =>
    `${apart} of ${entities} entities part by more than ${PARITY}${worst === null ? '' : `, "${worst}" by ${largest.toExponential(2)}`}`;
  return new CheckFailed({
    code: 'EXPORT_PARITY',
    where: folder,
    what: `The exported files disagree with the trained model. Probabilities of ${rows} test rows: ${told(probability)}; vectors: ${told(vector)}.`,
    next: 'Do not serve this bundle. It is a fault of limaml: keep the folder of the run, and attach it to a report.',
  });
}

/** The data set with whole entities left out at random, until about `rows` test rows are left. */
export function sampled(dataset: PreparedDataset, rows: number, seed: number): PreparedDataset {
  const share = rows / Math.max(1, dataset.manifest.splits.test.rows);
  if (share >= 1) return dataset;
  const kept = (entity: number): boolean => randomStream(seed, 'verify', entity).uniform() < share;
  return {
    ...dataset,
    shard: async (index) => {
      const shard = await dataset.shard(index);
      // A row of no split is neither scored nor support.
      const none = 255;
      return { ...shard, split: shard.split.map((code, row) => (kept(shard.entity[row]!) ? code : none)) };
    },
  };
}
