// Rows of raw values through score.onnx.
import { PROBABILITY, VECTOR } from '../bundle/format/files.js';
import { rawTensor } from '../bundle/format/raw-tensor.js';
import type { Bundle } from '../bundle/open.js';
import type { RawColumns } from '../prepared/raw-column.js';
import type { Feeds } from '../runtime/executor.js';

/** Probabilities [rows] of a click. `vectors` [rows × dimensions]: of each row's entity; none for a model that adapts nothing. */
export async function scoreValues(
  bundle: Pick<Bundle, 'manifest' | 'score'>,
  values: RawColumns,
  rows: number,
  vectors?: Float32Array,
): Promise<Float32Array> {
  const { inputs, model } = bundle.manifest;
  const feeds: Record<string, Feeds[string]> = {};
  for (const { name } of inputs.score) feeds[name] = rawTensor(values.get(name)!, [rows]);
  if (vectors !== undefined) feeds[VECTOR] = { data: vectors, shape: [rows, model.dimensions!] };
  const results = await (await bundle.score()).run(feeds);
  return results[PROBABILITY]!.data as Float32Array;
}
