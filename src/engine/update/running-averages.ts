// Parameters that no optimiser trains and that follow what training programs see: the statistics of batch norm.

import type { ParameterSpec } from '../../models/contract/definition.js';
import { countName, sumName } from '../programs/training-pass.js';
import type { TileResult } from '../tiles/tile.js';

/**
 * Moves every parameter that has `running` to kept · value + (1 − kept) · the mean over the batch, summed in tile order. `kept`
 * is its momentum, but (step − 1) / step in the first steps: a plain average, in which the start value has no part.
 * `step` counts from 1.
 */
export function followAverages(
  parameters: readonly ParameterSpec[],
  parameterValues: ReadonlyMap<string, Float32Array>,
  results: readonly TileResult[],
  step: number,
): void {
  for (const { name, running } of parameters) {
    if (running === undefined) continue;
    const values = parameterValues.get(name)!;
    const total = new Float64Array(values.length);
    let count = 0;
    for (const result of results) {
      count += result[countName(name)]![0]!;
      const sum = result[sumName(name)]!;
      for (let i = 0; i < total.length; i++) total[i]! += sum[i]!;
    }
    if (count <= 0) continue;
    const kept = Math.min(running.momentum, (step - 1) / step);
    for (let i = 0; i < total.length; i++) values[i] = kept * values[i]! + (1 - kept) * (total[i]! / count);
  }
}
