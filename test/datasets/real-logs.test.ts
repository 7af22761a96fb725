// The real logs that LIMAML_DATA holds, prepared by the shipped descriptors; what is not at hand is skipped by name.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../src/prep/prepare.js';
import { clicks, load } from './shipped.js';

let out = '';
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'limaml-real-'));
});
afterAll(() => rm(out, { recursive: true, force: true }));

describe('real logs', () => {
  const data = process.env['LIMAML_DATA'];
  // Rows without duplicates were counted with pandas (duplicated by entity, item, time and label).
  const real = [
    {
      dataset: 'movielens-100k',
      folder: 'ml-100k',
      rows: 100_000,
      entities: 943,
      items: 1682,
      clicks: 55_375,
    },
    {
      dataset: 'movielens-1m',
      folder: 'ml-1m-sample',
      rows: 100_000,
      entities: undefined,
      items: undefined,
      clicks: undefined,
    },
    {
      dataset: 'movielens-1m',
      folder: 'ml-1m-half',
      rows: 487_650,
      entities: 2999,
      items: undefined,
      clicks: undefined,
    },
    {
      dataset: 'movielens-1m-collm',
      folder: 'ml-1m-collm',
      rows: 33_891 + 10_401 + 7331,
      entities: 838,
      items: 3255,
      clicks: undefined,
    },
    {
      dataset: 'kuairand-pure',
      folder: 'kuairand-pure',
      rows: 228_329 - 5884,
      entities: 25_156,
      items: undefined,
      clicks: undefined,
    },
    { dataset: 'frappe', folder: 'frappe-raw', rows: undefined, entities: 957, items: 4082, clicks: 96_203 },
  ];

  for (const { dataset, folder, ...wanted } of real) {
    const there = data !== undefined && existsSync(join(data, folder));
    const why = there ? '' : ` (skipped: LIMAML_DATA holds no folder ${folder})`;
    it.skipIf(!there)(`${dataset} from ${folder}${why}`, async () => {
      const result = await prepare({
        descriptor: await load(dataset),
        dataDirectory: join(data ?? '', folder),
        outDirectory: join(out, folder),
        threads: 2,
      });
      const found = {
        rows: result.rows,
        entities: result.entities,
        items: result.items,
        clicks: clicks(result),
      };
      for (const [name, value] of Object.entries(wanted))
        if (value !== undefined) expect([name, found[name as keyof typeof found]]).toEqual([name, value]);
      expect(found.clicks).toBeGreaterThan(0.1 * found.rows);
    });
  }
});
