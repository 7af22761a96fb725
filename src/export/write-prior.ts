// prior.json: the vector of an entity of which nothing is known.
import { join } from 'node:path';
import { writeJsonAtomic } from '../atomic-files.js';
import { BUNDLE_FILES } from '../bundle/format/files.js';
import type { RawInput } from '../bundle/format/raw-input.js';
import { missing } from '../bundle/format/raw-tensor.js';
import { loadSession } from '../runtime/onnxruntime.js';
import { priorVectors } from '../serving/prior.js';

/** Writes the file beside adapt.onnx, which gives the vector. */
export async function writePrior(folder: string, inputs: readonly RawInput[]): Promise<void> {
  const adapt = await loadSession(join(folder, BUNDLE_FILES.adapt));
  try {
    const unknown = new Map(inputs.map((input) => [input.name, missing(input, 1)]));
    const vector = Array.from(await priorVectors(adapt, inputs, unknown, 1));
    const meaning =
      'Meta embedding of an entity of which nothing is known. Where its features are known, adapt.onnx without support rows gives a better one.';
    await writeJsonAtomic(join(folder, BUNDLE_FILES.prior), { meaning, vector });
  } finally {
    await adapt.dispose();
  }
}
