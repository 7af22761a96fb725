// What smaller vectors cost: test rows scored through the files of a bundle, with vectors as each type would give them back.
import { VECTOR_TYPES, type VectorType } from '../bundle/format/vector-type.js';
import { openBundle } from '../bundle/open.js';
import { loadSource } from '../engine/features/load-source.js';
import { programsToScore } from '../engine/programs/program-key.js';
import { openRunner } from '../engine/runner/open-runner.js';
import { SPLIT } from '../prepared/format.js';
import { scoreSplit } from '../scoring/score.js';
import { servedSupport } from '../scoring/served-support.js';
import { rawSource } from './raw-rows.js';
import { scoreThroughFiles } from './score-through-files.js';
import { sampled, type VerifyRequest } from './verify-bundle.js';

interface TypedScores {
  /** [rows] 0 or 1. */
  readonly label: Uint8Array;
  /** [rows] by type. */
  readonly probability: ReadonlyMap<VectorType, Float64Array>;
}

/** Scores the same test rows, each with its entity's vector of before the test rows, once for every type. */
export async function scoreByVectorType(request: VerifyRequest): Promise<TypedScores> {
  const { model, state, dataset, roles, execution, folder, progress } = request;
  progress({ kind: 'stage', name: 'smaller vectors', detail: request.shownAs ?? folder });
  const bundle = await openBundle(folder);
  const runner = await openRunner(model, state, execution, programsToScore(model));
  try {
    const { score, adapt } = bundle.manifest.inputs;
    const raw = await rawSource(dataset, [...score, ...adapt]);
    const source = await loadSource(dataset, roles.learn);
    const label: number[] = [];
    const found = new Map(VECTOR_TYPES.map((type) => [type, [] as number[]] as const));
    const sample = sampled(dataset, request.rows, request.seed);
    const parts = scoreSplit(model, sample, source, runner, SPLIT.test, {
      tileRows: execution.tileRows,
      support: servedSupport(model, roles, { shuffleSupport: false }, request.seed),
    });
    for await (const part of parts) {
      const rows = await raw.ofShard(part.index, part.shard);
      for (const row of part.rows) label.push(part.shard.label[row]!);
      for (const [type, list] of found)
        for (const value of await scoreThroughFiles(bundle, part, rows, execution.tileRows, type))
          list.push(value);
      progress({
        kind: 'step',
        done: label.length,
        total: dataset.manifest.splits.test.rows,
        unit: 'rows',
      });
    }
    return {
      label: Uint8Array.from(label),
      probability: new Map([...found].map(([type, list]) => [type, Float64Array.from(list)] as const)),
    };
  } finally {
    await runner.close();
    await bundle.close();
  }
}
