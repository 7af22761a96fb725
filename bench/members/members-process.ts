// Export or refresh of made-up members in a process of its own, so that its memory is its own too: members-process.js export|refresh FOLDER PREPARED.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { executionSchema } from '../../src/engine/execution-config.js';
import { initialState } from '../../src/engine/model-state.js';
import { exportBundle } from '../../src/export/export-bundle.js';
import { modelInputs } from '../../src/models/contract/model-inputs.js';
import { limaml } from '../../src/models/limaml.js';
import { openPrepared } from '../../src/prepared/open.js';
import { silent } from '../../src/progress.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';
import { refreshBundle } from '../../src/serving/refresh-bundle.js';

/** Numbers of a vector. */
const DIMENSIONS = 64;

const [job, folder, prepared] = process.argv.slice(2) as [string, string, string];

async function exported(): Promise<number> {
  const dataset = await openPrepared(prepared);
  const config = limaml.config.parse({
    embedding: { size: 8 },
    meta: { hidden: [16], size: DIMENSIONS },
    global: { hidden: [16] },
    episodes: { maxSupport: 8 },
  });
  const model = limaml.build(config, modelInputs(dataset.manifest, {}));
  const { data } = await exportBundle({
    model,
    state: initialState(model, 1),
    dataset,
    roles: SELECT_ROLES,
    execution: executionSchema.parse({}),
    run: { id: 'made-up', options: {}, configHash: '', checkpoint: { file: 'none', sha256: '' } },
    through: 'test',
    outDirectory: join(folder, 'bundle'),
    progress: silent,
  });
  return data.entities;
}

const refreshed = async (): Promise<number> =>
  (
    await refreshBundle({
      folder: join(folder, 'bundle'),
      outDirectory: join(folder, 'newer'),
      events: createReadStream(join(folder, 'new.csv')),
      eventsName: 'new.csv',
      progress: silent,
    })
  ).adapted;

const from = performance.now();
const vectors = await (job === 'export' ? exported() : refreshed());
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(
  `${JSON.stringify({
    vectors,
    seconds: (performance.now() - from) / 1000,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMb: maxRSS / 1024,
  })}\n`,
);
