// Probabilities of prepared rows by the exported graphs alone, from raw values.

import { VECTOR } from '../bundle/format/files.js';
import type { RawInput } from '../bundle/format/raw-input.js';
import { rawTensor } from '../bundle/format/raw-tensor.js';
import { asStored, type VectorType } from '../bundle/format/vector-type.js';
import type { Bundle } from '../bundle/open.js';
import { bucketTasks } from '../engine/tiles/bucket-tasks.js';
import { refsOf } from '../engine/tiles/row-groups.js';
import type { EventShard } from '../prepared/dataset.js';
import type { CompiledProgram } from '../runtime/executor.js';
import type { ScoredShard } from '../scoring/score.js';
import { adaptFeeds } from '../serving/adapt-feeds.js';
import { type RawRows, rawColumn } from './raw-rows.js';

/** Probabilities of a scored part's rows, by the graphs of the bundle, from raw values, with vectors as `type` gives them back. */
export async function scoreThroughFiles(
  bundle: Bundle,
  part: ScoredShard,
  raw: RawRows,
  tileRows: number,
  type: VectorType = 'float32',
): Promise<Float64Array> {
  const { manifest } = bundle;
  const { shard, rows } = part;
  const score = await bundle.score();
  const size = manifest.model.dimensions ?? 0;
  const vectors =
    manifest.adapt === null ? undefined : await adaptThroughFiles(bundle, part, raw, tileRows, type);
  const probability = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += tileRows) {
    const some = rows.subarray(start, start + tileRows);
    const refs = refsOf(some, shard);
    const columns = manifest.inputs.score.map(
      (input) => [input.name, rawTensor(rawColumn(input, refs, raw), [some.length])] as const,
    );
    const feeds = Object.fromEntries(columns);
    if (vectors !== undefined) {
      const data = new Float32Array(some.length * size);
      some.forEach((row, i) => {
        data.set(vectors.get(shard.entity[row]!)!, i * size);
      });
      feeds[VECTOR] = { data, shape: [some.length, size] };
    }
    const results = await score.run(feeds);
    probability.set(results['probability']!.data as Float32Array, start);
  }
  return probability;
}

/** Vectors by entity, by adapt.onnx, from the raw values of the support rows that the model was adapted on. */
async function adaptThroughFiles(
  bundle: Bundle,
  { shard, episodes }: ScoredShard,
  raw: RawRows,
  tileRows: number,
  type: VectorType,
): Promise<ReadonlyMap<number, Float32Array>> {
  const { model, inputs } = bundle.manifest;
  const adapt = await bundle.adapt();
  const none = new Int32Array(0);
  const alone = episodes.map((episode) => ({ ...episode, query: none }));
  const vectors = new Map<number, Float32Array>();
  for (const places of bucketTasks(alone, tileRows)) {
    const tasks = places.map((place) => alone[place]!);
    const adapted = await adaptTasks(adapt, tasks, shard, inputs.adapt, raw);
    const found = asStored(type, adapted, model.dimensions!);
    tasks.forEach(({ entity }, t) => {
      vectors.set(entity, found.subarray(t * model.dimensions!, (t + 1) * model.dimensions!));
    });
  }
  return vectors;
}

async function adaptTasks(
  adapt: CompiledProgram,
  tasks: readonly { readonly entity: number; readonly support: Int32Array }[],
  shard: EventShard,
  inputs: readonly RawInput[],
  raw: RawRows,
): Promise<Float32Array> {
  const rows = Int32Array.from(tasks.flatMap(({ support }) => [...support]));
  const offsets = new Int32Array(tasks.length + 1);
  tasks.forEach(({ support }, t) => {
    offsets[t + 1] = offsets[t]! + support.length;
  });
  const entity = Int32Array.from(tasks, (task) => task.entity);
  const rowRefs = refsOf(rows, shard);
  const taskRefs = { entity, item: entity, event: entity };
  const columns = (of: 'rows' | 'entities') =>
    new Map(
      inputs
        .filter(({ side }) => (side === 'entity') === (of === 'entities'))
        .map((input) => [input.name, rawColumn(input, of === 'rows' ? rowRefs : taskRefs, raw)]),
    );
  const label = Float32Array.from(rows, (row) => shard.label[row]!);
  const batch = { offsets, label, rows: columns('rows'), entities: columns('entities') };
  const { vector } = await adapt.run(adaptFeeds(batch, inputs, adapt.inputs));
  return vector!.data as Float32Array;
}
