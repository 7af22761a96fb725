// docs/stores: the lines that read a vector without limaml run as printed, and give the vector of the bundle that serves.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBundle } from '../../../src/bundle/open.js';
import { loadClient } from '../../../src/bundle/published/load-client.js';
import { pushBundle } from '../../../src/bundle/published/push.js';
import { silent } from '../../../src/progress.js';
import { ROOT } from '../../cli/run-limaml.js';
import { python } from '../../python/python.js';
import { type PostgresPackage, testStores } from './databases.js';
import { type Bundles, bundles } from './published-bundles.js';

const [redis, postgres, sqlite] = await testStores();
const hasRedisModule = python !== undefined && spawnSync(python, ['-c', 'import redis']).status === 0;
let made: Bundles;
let expected: readonly number[];
beforeAll(async () => {
  made = await bundles();
  const bundle = await openBundle(made.new);
  expected = [...(await bundle.store.vectors(['m1'])).vectors];
  await bundle.close();
});
afterAll(() => rmSync(made.folder, { recursive: true }));

/** The blocks of a page in a language. */
function blocks(page: string, language: string): readonly string[] {
  const text = readFileSync(join(ROOT, 'docs', 'stores', page), 'utf8');
  const found = [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter(([, of]) => of === language);
  expect(found.length).toBeGreaterThan(0);
  return found.map(([, , code]) => code!);
}

/** The older bundle, then the newer one, of which only changes are written: a vector has two versions. */
async function publish(to: string): Promise<void> {
  await pushBundle({ folder: made.old, to, cwd: '.', progress: silent });
  await pushBundle({ folder: made.new, to, cwd: '.', made: made.made, progress: silent });
}

async function pythonVector(code: string, cwd: string): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)(
    python!,
    ['-c', `${code}\nprint(json.dumps(vector.tolist()))`],
    { cwd },
  );
  return JSON.parse(stdout) as readonly number[];
}

it.skipIf(postgres!.missing !== undefined)(
  'PostgreSQL: in tables made beforehand, by one query',
  async () => {
    const at = postgres!.fresh();
    const own = `${new URL(at).searchParams.get('name')}_`;
    const { default: pg } = await loadClient<PostgresPackage>('pg', at);
    const client = new pg.Client({ connectionString: at.split('?')[0] });
    await client.connect();
    const [tables, query] = blocks('postgres.md', 'sql').map((sql) => sql.replaceAll('limaml_', own));
    await client.query(tables!);
    await publish(at);
    const { rows } = await client.query(query!);
    await client.end();
    expect(rows).toHaveLength(1);
    expect([...new Float32Array(Uint8Array.from(rows[0]!.value).buffer)]).toEqual(expected);
  },
);

it.skipIf(sqlite!.missing !== undefined || python === undefined)('SQLite: from Python', async () => {
  const folder = mkdtempSync(join(made.folder, 'sqlite-'));
  await publish(`sqlite:${join(folder, 'vectors.db')}`);
  expect(await pythonVector(blocks('sqlite.md', 'python')[0]!, folder)).toEqual(expected);
});

it.skipIf(redis!.missing !== undefined || !hasRedisModule)('Redis: from Python', async () => {
  const at = redis!.fresh();
  await publish(at);
  const [server, query] = at.split('?');
  const code = blocks('redis.md', 'python')[0]!
    .replace('redis.Redis("cache")', `redis.Redis.from_url("${server}")`)
    .replaceAll(/\{limaml\}/g, `{${new URLSearchParams(query).get('name')}}`);
  expect(code).toContain('from_url');
  expect(await pythonVector(code, '.')).toEqual(expected);
});
