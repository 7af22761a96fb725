// The vector of an entity without support rows.
import type { RawInput } from '../bundle/format/raw-input.js';
import { missing } from '../bundle/format/raw-tensor.js';
import type { RawColumns } from '../prepared/raw-column.js';
import type { CompiledProgram } from '../runtime/executor.js';
import { adaptFeeds } from './adapt-feeds.js';

/**
 * Meta embeddings [entities × size] of entities that have features and no support row: the un-adapted meta block's output,
 * so it depends on those features.
 */
export async function priorVectors(
  adapt: CompiledProgram,
  inputs: readonly RawInput[],
  entities: RawColumns,
  count: number,
): Promise<Float32Array> {
  const rows = new Map(inputs.map((input) => [input.name, missing(input, 0)]));
  const batch = { offsets: new Int32Array(count + 1), label: new Float32Array(0), rows, entities };
  const { vector } = await adapt.run(adaptFeeds(batch, inputs, adapt.inputs));
  return vector!.data as Float32Array;
}
