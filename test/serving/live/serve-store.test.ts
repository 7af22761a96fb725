// `limaml serve --from`: a bundle in a database, through changes, a version that is pruned and connections that break.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadClient } from '../../../src/bundle/published/load-client.js';
import { pruneStore } from '../../../src/bundle/published/manage.js';
import { pushBundle } from '../../../src/bundle/published/push.js';
import { silent } from '../../../src/progress.js';
import { type PostgresPackage, testStores } from '../../bundle/published/databases.js';
import { type Bundles, bundles } from '../../bundle/published/published-bundles.js';
import { canServe, served } from './served.js';

const cwd = '.';
const stores = await testStores();
const [, postgres] = stores;
let made: Bundles;
beforeAll(async () => {
  made = await bundles();
});
afterAll(() => rmSync(made.folder, { recursive: true }));

const ROWS = [{ entity: 'm1', item: 'f3', price: 2 }];
const EVENTS = [{ entity: 'm2', item: 'f2', timestamp_ms: 1_700_000_000_000, label: 1, price: 3.5 }];
const serving = (from: string, reloadMs: number) => served({ folder: undefined, from, cwd, reloadMs });

describe.each(stores)('$kind', ({ fresh, missing }) => {
  it.skipIf(missing !== undefined || !canServe)(
    'drops no request when what it serves is replaced and pruned',
    async () => {
      const at = fresh();
      const push = (folder: string) => pushBundle({ folder, to: at, cwd, progress: silent });
      const { hash: old } = await push(made.old);
      // It does not look for newer bundles by itself here.
      const server = await serving(at, 600_000);
      const first = await server.post('/score', { rows: ROWS });
      expect(first).toMatchObject({ status: 200, json: { bundle: old, priors: 0 } });
      expect(await server.post('/events', { events: EVENTS })).toMatchObject({
        status: 200,
        json: { adapted: 1 },
      });
      const { hash } = await push(made.new);
      await pruneStore({ at, cwd, keep: 0 });
      const answers = await Promise.all([0, 1, 2, 3].map(() => server.post('/score', { rows: ROWS })));
      for (const answer of answers) expect(answer).toMatchObject({ status: 200, json: { bundle: hash } });
      expect(answers[0]!.json.probability).not.toEqual(first.json.probability);
      // What came in before is known to the newer one.
      expect(await server.post('/events', { events: EVENTS })).toMatchObject({
        status: 200,
        json: { known: 1 },
      });
      await server.close();
    },
  );
});

it.skipIf(postgres!.missing !== undefined || !canServe)(
  'opens a broken connection again, and says "later" while it cannot',
  async () => {
    const name = `limaml_test_${process.pid}`;
    const at = `${postgres!.fresh()}&application_name=${name}`;
    await pushBundle({ folder: made.old, to: at, cwd, progress: silent });
    const server = await serving(at, 600_000);
    const { default: pg } = await loadClient<PostgresPackage>('pg', at);
    const client = new pg.Client({ connectionString: at.split('?')[0] });
    await client.connect();
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${name}'`;
    expect((await client.query(cut)).rowCount).toBeGreaterThan(0);
    expect((await server.post('/score', { rows: ROWS })).status).toBe(200);
    const catalogue = `${new URL(at).searchParams.get('name')}_catalogue`;
    await client.query(`ALTER TABLE ${catalogue} RENAME TO ${catalogue}_gone`);
    const later = await server.post('/score', { rows: ROWS });
    expect(later).toMatchObject({ status: 503, json: { error: { code: expect.stringMatching(/^STORE_/) } } });
    await client.query(`ALTER TABLE ${catalogue}_gone RENAME TO ${catalogue}`);
    expect((await server.post('/score', { rows: ROWS })).status).toBe(200);
    await client.end();
    await server.close();
  },
);
