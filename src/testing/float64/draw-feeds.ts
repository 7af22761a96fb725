// Numbers for the inputs of a model's programs: start values for its parameters, drawn features, ragged supports.

import { initialState } from '../../engine/model-state.js';
import { poolWeights } from '../../engine/tiles/task-tiles.js';
import { type DimSizes, sizesOf } from '../../graph/ir/dims.js';
import type { Node } from '../../graph/ir/node.js';
import { programInputs } from '../../graph/onnx/model.js';
import { type Model, supportUse } from '../../models/contract/definition.js';
import { type RandomStream, randomStream } from '../../random.js';
import { type Value, value } from './value.js';

/** Share of features that a dropout mask keeps here. */
const KEPT = 0.8;

/**
 * Feeds for every input that `outputs` need, for dims of the given sizes. One task has no support row, the others all or some
 * of theirs; query rows are padded likewise. The name chooses the random numbers.
 */
export function drawFeeds(
  model: Model,
  outputs: readonly Node[],
  sizes: DimSizes,
  name: string,
): Record<string, Value> {
  const state = initialState(model, 1);
  const inputs = programInputs({ outputs: Object.fromEntries(outputs.map((node, i) => [String(i), node])) });
  const feeds: Record<string, Value> = {};
  for (const [input, node] of inputs) {
    const shape = sizesOf(node.shape, sizes);
    const stream = randomStream(1, name, input);
    const start = state.parameters.get(input);
    // Moved a little off its start: a bias at zero would hide what multiplies it.
    if (start !== undefined)
      feeds[input] = value(
        Array.from(start, (x) => x + 0.1 * stream.normal()),
        shape,
      );
    else feeds[input] = value(drawInput(model, input, shape, stream), shape);
  }
  return feeds;
}

function drawInput(
  model: Model,
  name: string,
  shape: readonly number[],
  stream: RandomStream,
): number[] | Float64Array {
  const length = shape.reduce((product, size) => product * size, 1);
  const drawn = (draw: () => number): number[] => Array.from({ length }, draw);
  if (name === 'support.mask') return perRow(shape, () => 1);
  if (name === 'support.pool') {
    const pooling = supportUse(model)?.pooling ?? 'mean';
    return perRow(shape, (row, rows) => poolWeights(pooling, rows)[row]!);
  }
  if (name === 'weight' || name === 'rows.weight')
    return shape.length === 2 ? drawn(() => 1 / length) : perRow(shape, () => 1 / length);
  if (name.endsWith('label')) return drawn(() => (stream.uniform() < 0.5 ? 1 : 0));
  if (name.startsWith('mask.')) return drawn(() => (stream.uniform() < KEPT ? 1 / KEPT : 0));
  return drawn(() => stream.normal());
}

/** Values of the real rows of every task, [tasks, rows, 1]: all in the first task, none in the second, and so on; else 0. */
function perRow([tasks, width]: readonly number[], at: (row: number, rows: number) => number): number[] {
  return Array.from({ length: tasks! }, (_, task) => {
    const rows = task === 0 ? width! : task === 1 ? 0 : Math.ceil(width! / 2);
    return Array.from({ length: width! }, (_unused, row) => (row < rows ? at(row, rows) : 0));
  }).flat();
}
