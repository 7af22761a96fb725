// What adapt.onnx is fed: raw support rows of some entities, padded to the longest support.

import { SUPPORT, SUPPORT_LABEL, SUPPORT_MASK } from '../bundle/format/files.js';
import type { RawInput } from '../bundle/format/raw-input.js';
import { rawTensor } from '../bundle/format/raw-tensor.js';
import { InternalError } from '../errors.js';
import { pickRows, type RawColumns } from '../prepared/raw-column.js';
import type { Feeds, Tensor } from '../runtime/executor.js';

/** Support rows of a batch of entities. */
export interface SupportBatch {
  /** [tasks + 1]: the rows of task t are offsets[t] .. offsets[t + 1], oldest first. */
  readonly offsets: Int32Array;
  /** Clicks, 0 or 1, by row. */
  readonly label: Float32Array;
  /** Raw values by row for inputs of items and events. */
  readonly rows: RawColumns;
  /** Raw values by task for inputs of entities. */
  readonly entities: RawColumns;
}

/** The feeds that `wanted` (input names of the graph) names, for a batch. */
export function adaptFeeds(
  batch: SupportBatch,
  inputs: readonly RawInput[],
  wanted: readonly string[],
): Feeds {
  const { offsets, label } = batch;
  const tasks = offsets.length - 1;
  let width = 1;
  for (let t = 0; t < tasks; t++) width = Math.max(width, offsets[t + 1]! - offsets[t]!);
  const places = new Int32Array(tasks * width).fill(-1);
  const [labels, mask] = [new Float32Array(places.length), new Float32Array(places.length)];
  for (let t = 0; t < tasks; t++)
    for (let row = offsets[t]!, at = t * width; row < offsets[t + 1]!; row++, at++) {
      places[at] = row;
      labels[at] = label[row]!;
      mask[at] = 1;
    }
  const leading = [tasks, width];
  const feeds: Record<string, Tensor> = {
    [SUPPORT_LABEL]: { data: labels, shape: leading },
    [SUPPORT_MASK]: { data: mask, shape: leading },
  };
  for (const { name, side } of inputs) {
    const column = (side === 'entity' ? batch.entities : batch.rows).get(name);
    if (column === undefined) throw new InternalError(`no raw values of "${name}"`);
    if (side === 'entity') feeds[name] = rawTensor(column, [tasks]);
    else feeds[`${SUPPORT}${name}`] = rawTensor(pickRows(column, places), leading);
  }
  return Object.fromEntries(
    wanted.map((name) => {
      const tensor = feeds[name];
      if (tensor === undefined) throw new InternalError(`input "${name}" of adapt.onnx is not fed`);
      return [name, tensor];
    }),
  );
}
