// A bundle by itself: every file by its hash, every stored vector by the graph and the support rows that it was made of.
import { openBundle } from '../bundle/open.js';
import { CheckFailed } from '../errors.js';
import type { Progress } from '../progress.js';
import { agrees, type Kinks, kinksOf, PARITY } from './agreement.js';
import { compareVectors } from './verify-vectors.js';

export interface VerifiedAlone {
  readonly hash: string;
  readonly model: string;
  /** Id of the run that it was exported from. */
  readonly run: string;
  readonly refreshed: boolean;
  /** Files whose content is what the manifest says. */
  readonly files: number;
  /** Vectors computed again, and the largest difference; none for a model that adapts nothing. */
  readonly vectors: number;
  readonly maxVectorError: number;
  readonly kinks: Kinks;
}

/** Which entities are drawn is the same at every call. */
const SEED = 1;

/** Throws what `openBundle` throws, and CheckFailed EXPORT_PARITY for vectors that their support rows do not give. */
export async function verifyAlone(folder: string, progress: Progress): Promise<VerifiedAlone> {
  progress({ kind: 'stage', name: 'verify', detail: folder });
  const bundle = await openBundle(folder);
  try {
    const { hash, model, parents, files, adapt } = bundle.manifest;
    const about = { hash, model: model.name, run: parents.run, refreshed: parents.bundle !== null };
    const counted = { ...about, files: Object.keys(files).length };
    if (adapt === null) return { ...counted, vectors: 0, maxVectorError: 0, kinks: null };
    const found = await compareVectors(bundle, SEED);
    if (!agrees('vector', found))
      throw new CheckFailed({
        code: 'EXPORT_PARITY',
        where: folder,
        what: `${found.apart} of ${found.entities} stored vectors are not what adapt.onnx makes of their support rows, by more than ${PARITY}; "${found.worst}" by ${found.largest.toExponential(2)}.`,
        next: 'Do not serve this bundle: export the run again.',
      });
    return { ...counted, vectors: found.entities, maxVectorError: found.largest, kinks: kinksOf(found) };
  } finally {
    await bundle.close();
  }
}
