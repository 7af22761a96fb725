// `limaml export`: a finished run as a serving bundle, verified through its files alone when asked.

import type { Through } from '../bundle/format/files.js';
import type { BundleManifest } from '../bundle/format/manifest-schema.js';
import type { Shard } from '../bundle/format/shard.js';
import { type VectorType, vectorBytes } from '../bundle/format/vector-type.js';
import { storeAddress } from '../bundle/published/address.js';
import { type Pushed, pushBundle } from '../bundle/published/push.js';
import { chosenModel } from '../config/recipe-schema.js';
import { auc } from '../evaluation/metrics/auc.js';
import { exportBundle } from '../export/export-bundle.js';
import { scoreByVectorType } from '../export/vector-costs.js';
import { type Verified, verifyBundle } from '../export/verify-bundle.js';
import { hashJson } from '../hash.js';
import { entityPart } from '../models/contract/definition.js';
import type { Progress } from '../progress.js';
import { type RunConfig, readRunConfig } from '../runs/config.js';
import { verifyRun } from '../runs/folder.js';
import type { RunPlace } from '../runs/places.js';
import { overridesOf } from '../runs/stored-config.js';
import { datasetOfRun } from './open-data.js';
import { loadRunModel, noteChangedModel } from './run-model.js';

/** Test rows that are scored again by default: enough to meet every kind of row, few enough not to be waited for. */
const VERIFIED_ROWS = 100_000;

const CHECKPOINT = 'checkpoint/model.safetensors';

interface ExportRunRequest {
  readonly run: RunPlace;
  /** Absolute. */
  readonly outDirectory: string;
  readonly through: Through;
  /** How vectors are stored: other than as 32-bit floats, what each type costs is measured. */
  readonly vectors?: VectorType;
  /** Writes what this shard is to do, for `limaml merge`. */
  readonly shard?: Shard | undefined;
  readonly verify: boolean;
  /** Address of a store to publish the bundle to, paths taken from `cwd`. */
  readonly to?: string | undefined;
  readonly cwd?: string;
  readonly progress: Progress;
}

export interface ExportRunResult {
  readonly run: string;
  readonly model: string;
  /** Folder of the bundle, and the hash that names its content. */
  readonly bundle: string;
  readonly hash: string;
  /** Entities with a vector of their own. */
  readonly entities: number;
  /** Length of a vector; null for a model that adapts nothing. */
  readonly dimensions: number | null;
  /** Which share of the work it holds; null for a bundle. */
  readonly shard: Shard | null;
  readonly files: BundleManifest['files'];
  /** Null when it was not asked for. */
  readonly verified: Verified | null;
  /** What each type of stored vectors gives on the run's test rows, and the bytes of one vector; null where floats are stored. */
  readonly vectorTypes:
    | readonly { readonly type: VectorType; readonly bytes: number; readonly auc: number | null }[]
    | null;
  /** Null without a store to publish to. */
  readonly published: Pushed | null;
}

/** Exports, and throws CheckFailed EXPORT_PARITY when the files do not give the model's own probabilities. */
export async function exportRun({
  run,
  outDirectory,
  through,
  vectors = 'float32',
  shard,
  verify,
  to,
  cwd = '.',
  progress,
}: ExportRunRequest): Promise<ExportRunResult> {
  // Told before the work rather than after it.
  if (to !== undefined) storeAddress(to, cwd);
  const done = await verifyRun(run.path);
  const config = readRunConfig(run.path);
  await noteChangedModel(run.path, config, progress);
  warnOfOverrides(run, config, progress);
  const dataset = await datasetOfRun(run.path, config);
  const { execution, features, seed } = config.recipe;
  const { model, state, roles } = await loadRunModel(run.path, config, dataset);
  const chosen = chosenModel(config.recipe);
  const common = { model, state, dataset, roles, execution, progress };
  let verified: Verified | null = null;
  let vectorTypes: ExportRunResult['vectorTypes'] = null;
  const pushed: Pushed[] = [];
  const isSmaller = vectors !== 'float32' && model.adapts.length > 0 && shard === undefined;
  const manifest = await exportBundle({
    ...common,
    run: {
      id: run.id,
      options: chosen.config,
      configHash: hashJson({ model: chosen, features }),
      checkpoint: { file: CHECKPOINT, sha256: done.files[CHECKPOINT] ?? '' },
    },
    through,
    vectors,
    shard,
    outDirectory,
    whenMade: async () => {
      if (to !== undefined) pushed.push(await pushBundle({ folder: outDirectory, to, cwd, progress }));
    },
    ...(verify || isSmaller
      ? {
          check: async (folder: string) => {
            const asked = { ...common, folder, shownAs: outDirectory, rows: VERIFIED_ROWS, seed };
            if (verify) verified = await verifyBundle(asked);
            if (!isSmaller) return;
            const { label, probability } = await scoreByVectorType(asked);
            const size = entityPart(model)!.size;
            vectorTypes = [...probability].map(([type, scores]) => ({
              type,
              bytes: vectorBytes(type, size),
              auc: auc(label, scores).value,
            }));
          },
        }
      : {}),
  });
  return {
    run: run.id,
    model: model.name,
    bundle: outDirectory,
    hash: manifest.hash,
    entities: manifest.data.entities,
    dimensions: manifest.model.dimensions,
    shard: shard ?? null,
    files: manifest.files,
    verified,
    vectorTypes,
    published: pushed[0] ?? null,
  };
}

/** The latest run of an experiment may be one of its ablations, which nobody means to serve. */
function warnOfOverrides({ id }: RunPlace, config: RunConfig, progress: Progress): void {
  const flags = overridesOf(config);
  if (flags.length > 0)
    progress({
      kind: 'warning',
      code: 'RUN_OVERRIDDEN',
      text: `run ${id} was trained with ${flags.join(' ')}: it is not what its recipe says. Other runs: limaml runs`,
    });
}
