// The vector of an entity without support rows.
import { join } from 'node:path';
import { writeJsonAtomic } from '../atomic-files.js';
import type { RawInput } from '../export/graphs/raw-input.js';
import type { CompiledProgram } from '../runtime/executor.js';
import { loadSession } from '../runtime/onnxruntime.js';
import { adaptFeeds } from '../serving/adapt-feeds.js';
import { columnKind, type RawColumn, type RawColumns } from '../serving/columns/raw-column.js';
import { BUNDLE_FILES } from './manifest.js';

export interface Prior {
  readonly meaning: string;
  readonly vector: readonly number[];
}

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

/** Writes prior.json: the prior where no feature is known either. */
export async function writePrior(folder: string, inputs: readonly RawInput[]): Promise<void> {
  const adapt = await loadSession(join(folder, BUNDLE_FILES.adapt));
  try {
    const unknown = new Map(inputs.map((input) => [input.name, missing(input, 1)]));
    const vector = Array.from(await priorVectors(adapt, inputs, unknown, 1));
    const meaning =
      'Meta embedding of an entity of which nothing is known. Where its features are known, adapt.onnx without support rows gives a better one.';
    await writeJsonAtomic(join(folder, BUNDLE_FILES.prior), { meaning, vector } satisfies Prior);
  } finally {
    await adapt.dispose();
  }
}

/** A column of missing values. */
export function missing(input: RawInput, rows: number): RawColumn {
  switch (columnKind(input)) {
    case 'text':
      return { kind: 'text', values: new Array<string>(rows).fill('') };
    case 'texts':
      return { kind: 'texts', values: new Array<readonly string[]>(rows).fill([]) };
    case 'number':
      return { kind: 'number', values: new Float64Array(rows).fill(Number.NaN) };
  }
}
