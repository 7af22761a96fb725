// What an MLflow server's registry has after a tag and an export, in either order, and that its absence is a warning.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import { keepModel } from '../../src/exchange/live-model.js';
import type { ProgressEvent } from '../../src/progress.js';
import { tagRun } from '../../src/runs/marks.js';
import { placeOf } from '../../src/runs/places.js';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { madeUpRun } from '../runs/made-up-run.js';
import { temporaryFolder } from '../workflows/small-experiment.js';
import { pretendMlflow, type TestServer, testServer } from './recorded-server.js';

let server: TestServer;
let folder: string;
let told: ProgressEvent[];
beforeEach(async () => {
  const answer = pretendMlflow();
  let versions: unknown[] = [];
  server = await testServer(([method, path, body], turn, headers) => {
    if (path.includes('model-versions/search')) return [200, JSON.stringify({ model_versions: versions })];
    if (path.endsWith('model-versions/create')) {
      const made = { ...(JSON.parse(body) as object), version: '7' };
      versions = [made];
      return [200, JSON.stringify({ model_version: made })];
    }
    return answer([method, path, body], turn, headers);
  });
  const { parents } = await readManifest(BUNDLE);
  folder = madeUpRun(await temporaryFolder(), { experiment: 'news', id: parents.run });
  told = [];
});
afterEach(() => server.close());

const keep = (bundles: readonly string[], untagged?: string, address = server.address): Promise<void> =>
  keepModel(
    placeOf(folder),
    { bundles: async () => bundles, ...(untagged === undefined ? {} : { untagged }) },
    { env: { MLFLOW_TRACKING_URI: address }, cwd: '/', progress: (event) => told.push(event), pausesMs: [] },
  );
const asked = (end: string): readonly unknown[] =>
  server.exchanges.flatMap(({ request: [method, path, body] }) =>
    `${method} ${path}`.endsWith(end) ? [JSON.parse(body)] : [],
  );
const tag = (name: string) => tagRun(`${folder}/..`, placeOf(folder).id, name);

it('a tag makes the bundle a version with an alias, once however often, and goes with it', async () => {
  await tag('production');
  await keep([]);
  expect(told).toEqual([{ kind: 'note', text: expect.stringContaining('limaml export') }]);
  expect(asked('alias')).toEqual([]);
  await keep([BUNDLE]);
  await tag('v1.rc');
  await keep([BUNDLE]);
  expect(asked('model-versions/create')).toEqual([
    expect.objectContaining({ name: 'news', source: expect.stringMatching(/\/bundle$/) }),
  ]);
  expect(asked('POST /api/2.0/mlflow/registered-models/alias')).toEqual([
    { name: 'news', alias: 'production', version: '7' },
    { name: 'news', alias: 'production', version: '7' },
    { name: 'news', alias: 'v1-rc', version: '7' },
  ]);
  await keep([], 'v1.rc');
  expect(asked('DELETE /api/2.0/mlflow/registered-models/alias')).toEqual([{ name: 'news', alias: 'v1-rc' }]);
});

it('without a tag the bundle is an artifact and no model', async () => {
  await keep([BUNDLE]);
  const put = server.exchanges.map(({ request }) => request[1]).filter((path) => path.includes('/bundle/'));
  expect(put.some((path) => path.endsWith('/bundle/manifest.json'))).toBe(true);
  expect(asked('model-versions/create')).toEqual([]);
  expect(told).toEqual([]);
});

it('a server that is not there is warned of, none is none', async () => {
  await keep([BUNDLE], undefined, 'http://127.0.0.1:9');
  expect(told).toEqual([expect.objectContaining({ kind: 'warning', code: 'MLFLOW_NOT_SENT' })]);
  await keep([BUNDLE], undefined, '');
  expect(told).toHaveLength(1);
});
