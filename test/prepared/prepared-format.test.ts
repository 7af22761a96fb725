// docs/prepared-format.md against a really prepared folder: every key, column and file is documented, and nothing else is.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.js';
import { quoted } from '../../src/database/sql.js';
import { type Folder, type Prepped, plain, prep, temporaryFolder } from '../prep/prep-harness.js';

let folder: Folder;
let prepped: Prepped;
let database: Database;
let doc: string;

/** Every optional part of the format in one folder: support, truth, notes, rejects, edges, lists. */
const everything = plain({
  tables: { users: { files: 'users.csv', key: 'id', on: 'entity' } },
  columns: { ...plain().columns!, truth: 'p' },
  features: [
    { name: 'device', side: 'event', kind: 'categorical' },
    { name: 'tags', side: 'event', kind: 'multi' },
    { name: 'price', side: 'event', kind: 'numeric', buckets: 3 },
    { name: 'clicks', kind: 'history', of: 'entity', statistic: 'clicks' },
    { name: 'age', side: 'entity', kind: 'numeric' },
    { name: 'maker', side: 'item', kind: 'categorical', from: 'events' },
  ],
  split: { kind: 'entity-holdout', test: 0.3, valid: 0.3 },
});

function log(): string {
  const lines = ['user,item,time,label,p,device,tags,price,maker'];
  for (let user = 0; user < 8; user++)
    for (let n = 0; n < 6; n++)
      lines.push(
        `u${user},i${(user * 5 + n * 7) % 9},${1000 + 10 * n + user},${(user + n) % 2},0.${1 + ((user + n) % 8)},` +
          `${'abc'[(user + n) % 3]},${['x|y', 'y', ''][n % 3]},${(user * 17 + n * 29) % 50},m${(user * 5 + n * 7) % 9}`,
      );
  lines.push('u9,i1,later,1,0.5,a,,3,m1');
  return `${lines.join('\n')}\n`;
}

beforeAll(async () => {
  doc = await readFile(resolve(import.meta.dirname, '../../docs/prepared-format.md'), 'utf8');
  folder = await temporaryFolder();
  await folder.write('events.csv', log());
  await folder.write(
    'users.csv',
    `id,age\n${Array.from({ length: 7 }, (_, i) => `u${i},${20 + i}\n`).join('')}`,
  );
  prepped = await prep(folder, everything, { onError: 'reject' });
  database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
});
afterAll(async () => {
  database.close();
  await folder.remove();
});

/** The names in the first column of the table under a heading; the n-th table where there are several. */
function documented(heading: string, table = 0): readonly string[] {
  const start = doc.indexOf(`\n## ${heading}`);
  expect(start, `heading ${heading}`).toBeGreaterThan(0);
  const end = doc.indexOf('\n## ', start + 4);
  const tables = doc
    .slice(start, end < 0 ? undefined : end)
    .split(/\n\s*\n/)
    .filter((part) => part.startsWith('|'));
  const rows = (tables[table] ?? '').split('\n').slice(2);
  return rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );
}

/** Columns of a Parquet file, those of features under one name, with their types. */
async function columns(file: string): Promise<readonly (readonly [string, string])[]> {
  const rows = await database.rows(
    `DESCRIBE SELECT * FROM read_parquet(${quoted(`${prepped.result.path}/${file}`)})`,
  );
  return rows.map((row) => [String(row['column_name']), String(row['column_type'])]);
}

/** Which column of a feature it is; undefined for the others. */
const kindOf = (column: string): string | undefined => {
  const found = prepped.dataset.manifest.features.find(({ name }) => column.replace('raw.', '') === name);
  return found === undefined ? undefined : column.replace(found.name, '<feature>');
};
const names = async (file: string): Promise<readonly string[]> => {
  const all = (await columns(file)).map(([name]) => name);
  const kinds = ['<feature>', 'raw.<feature>'].filter((kind) => all.some((name) => kindOf(name) === kind));
  return [...all.filter((name) => kindOf(name) === undefined), ...kinds];
};

describe('the documented format is the written one', () => {
  test('manifest keys', () => {
    const { manifest } = prepped.dataset;
    expect([...documented('manifest.json')].sort()).toEqual(Object.keys(manifest).sort());
    expect(Object.keys(manifest)).toHaveLength(18);
    const summary = ['rows', 'entities', 'items', 'labelRate', 'fromMs', 'toMs'];
    for (const part of [...Object.values(manifest.splits), manifest.support!])
      expect(Object.keys(part)).toEqual(summary);
    for (const key of [...summary, 'file', 'bytes', 'sha256', 'log', 'mean', 'deviation', 'missing'])
      expect(doc).toContain(`\`${key}\``);
    expect(Object.keys(manifest.shards[0]!)).toEqual(['file', 'rows', 'entities']);
    expect(Object.keys(manifest.sources[0]!)).toEqual(['file', 'bytes', 'sha256']);
    const ofFeatures = new Set(manifest.features.flatMap((feature) => Object.keys(feature)));
    expect([...documented('Features', 1)].sort()).toEqual([...ofFeatures].sort());
  });

  test('columns and their order', async () => {
    expect(await names('events/part-00000.parquet')).toEqual(documented('events/part-NNNNN.parquet'));
    // Those of entities are numbers only, which have one column each.
    const numbersOnly = documented('entities.parquet, items.parquet').filter(
      (name) => !name.startsWith('raw.'),
    );
    expect(await names('entities.parquet')).toEqual(numbersOnly);
    expect(await names('items.parquet')).toEqual(documented('entities.parquet, items.parquet'));
    expect(await names('vocabularies/device.parquet')).toEqual(
      documented('`vocabularies/<feature>.parquet`'),
    );
  });

  test('types', async () => {
    expect(Object.fromEntries(await columns('events/part-00000.parquet'))).toEqual({
      entity: 'INTEGER',
      item: 'INTEGER',
      timestamp_ms: 'BIGINT',
      label: 'UTINYINT',
      split: 'UTINYINT',
      truth: 'DOUBLE',
      device: 'INTEGER',
      tags: 'INTEGER[]',
      price: 'FLOAT',
      clicks: 'FLOAT',
    });
    expect(Object.fromEntries(await columns('entities.parquet'))).toMatchObject({
      index: 'INTEGER',
      value: 'VARCHAR',
      support: 'INTEGER',
      age: 'FLOAT',
    });
    expect(Object.fromEntries(await columns('items.parquet'))).toMatchObject({
      maker: 'INTEGER',
      'raw.maker': 'VARCHAR',
    });
  });

  test('files, and no NULL but for missing numbers and words', async () => {
    const { files } = prepped.dataset.manifest;
    const found = (await readdir(prepped.result.path, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(prepped.result.path.length + 1));
    expect(found.sort()).toEqual([...Object.keys(files), 'manifest.json'].sort());
    const parquet = found.filter((file) => file.endsWith('.parquet'));
    expect(parquet).toHaveLength(6);
    for (const file of parquet) {
      const path = quoted(`${prepped.result.path}/${file}`);
      const [row] = await database.rows(
        `SELECT ${(await columns(file)).map(([name]) => `count(*) - count("${name}")`).join(' + ')} AS nulls FROM read_parquet(${path})`,
      );
      // The unknown's age and maker, and u7's age, who is in no table.
      const missing = { 'entities.parquet': 2, 'items.parquet': 1 }[file] ?? 0;
      expect([file, row?.['nulls']]).toEqual([file, missing]);
    }
  });

  test('the hash that shards are assigned by', async () => {
    for (const value of ['u1', 'Crème', '']) {
      const bytes = createHash('md5').update(value).digest();
      const [row] = await database.rows(
        `SELECT CAST(md5_number_lower(${quoted(value)}) % 1000003 AS INTEGER) AS n`,
      );
      expect(BigInt(Number(row?.['n']))).toBe(bytes.readBigUInt64LE(8) % 1000003n);
    }
  });
});
