// A bundle of a model as it is drawn, of whatever size: what export, refresh and serving cost does not ask for trained weights.
import { executionSchema } from '../../src/engine/execution-config.js';
import { initialState } from '../../src/engine/model-state.js';
import { exportBundle } from '../../src/export/export-bundle.js';
import { modelInputs } from '../../src/models/contract/model-inputs.js';
import { limaml } from '../../src/models/limaml.js';
import type { PreparedDataset } from '../../src/prepared/dataset.js';
import { silent } from '../../src/progress.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';

/** `options` are those of `limaml`. */
export function exportUntrained(dataset: PreparedDataset, options: object, outDirectory: string) {
  const model = limaml.build(limaml.config.parse(options), modelInputs(dataset.manifest, {}));
  return exportBundle({
    model,
    state: initialState(model, 1),
    dataset,
    roles: SELECT_ROLES,
    execution: executionSchema.parse({}),
    run: { id: 'made-up', options: {}, configHash: '', checkpoint: { file: 'none', sha256: '' } },
    through: 'test',
    outDirectory,
    progress: silent,
  });
}
