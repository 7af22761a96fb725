// A bundle to serve: 2,000 members with a hundred support rows each, made up. Its weights are as drawn: speed does not ask for more.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { executionSchema } from '../../src/engine/execution-config.js';
import { initialState } from '../../src/engine/model-state.js';
import { exportBundle } from '../../src/export/export-bundle.js';
import { modelInputs } from '../../src/models/contract/model-inputs.js';
import { limaml } from '../../src/models/limaml.js';
import { descriptorSchema } from '../../src/prep/descriptor/descriptor.js';
import { prepare } from '../../src/prep/prepare.js';
import { openPrepared } from '../../src/prepared/open.js';
import { silent } from '../../src/progress.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';

export interface MadeUpBundle {
  readonly folder: string;
  readonly members: readonly string[];
  readonly items: readonly string[];
  /** Values of event features of every row. */
  readonly event: Readonly<Record<string, string | number>>;
  /** After all events. */
  readonly laterMs: number;
}

const SUPPORT_ROWS = 100;

export async function madeUpBundle(folder: string, root: string): Promise<MadeUpBundle> {
  const described = parse(readFileSync(join(root, 'datasets', 'synthetic.yaml'), 'utf8')) as {
    readonly generated: object;
  };
  const options = { members: 2000, items: 1000, events: 400_000 };
  const { path } = await prepare({
    descriptor: descriptorSchema.parse({ ...described, generated: { ...described.generated, options } }),
    dataDirectory: folder,
    outDirectory: join(folder, 'prepared'),
    threads: 2,
  });
  const dataset = await openPrepared(path);
  const config = limaml.config.parse({ episodes: { maxSupport: SUPPORT_ROWS } });
  const model = limaml.build(config, modelInputs(dataset.manifest, {}));
  const out = join(folder, 'bundle');
  const { data } = await exportBundle({
    model,
    state: initialState(model, 1),
    dataset,
    roles: SELECT_ROLES,
    execution: executionSchema.parse({}),
    run: { id: 'made-up', options: {}, configHash: '', checkpoint: { file: 'none', sha256: '' } },
    through: 'test',
    outDirectory: out,
    progress: silent,
  });
  return {
    folder: out,
    members: (await dataset.vocabulary('entity')).slice(1, 1001),
    items: (await dataset.vocabulary('item')).slice(1),
    event: { surface: 'mail', position: 3 },
    laterMs: data.cutoffMs! + 1000,
  };
}
