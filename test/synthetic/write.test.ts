// The raw files hold what was generated, in both formats, and the committed sample is what the generator writes today.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { UserErrors } from '../../src/errors.js';
import { generators } from '../../src/prep/sources/generate-raw.js';
import { silent } from '../../src/progress.js';
import { CATEGORIES } from '../../src/synthetic/items.js';
import { SYNTHETIC_FILES, writeSynthetic } from '../../src/synthetic/write.js';
import { generateSynthetic } from './whole-log.js';

const SAMPLE = resolve(dirname(fileURLToPath(import.meta.url)), '../../datasets/samples/synthetic');
const { world, events } = generateSynthetic({ members: 20, items: 15, events: 70 }, 5);
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'limaml-synthetic-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const folder = (): Promise<string> => mkdtemp(join(root, 'raw-'));
const table = async (path: string): Promise<Record<string, string>[]> =>
  parse(await readFile(path), { columns: true });

describe('writeSynthetic', () => {
  it('writes events, members and items as CSV that reads back as generated', async () => {
    const directory = await folder();
    const written = await writeSynthetic(directory, world);
    expect(written.map((path) => path.slice(directory.length + 1))).toEqual([
      'entities.csv',
      'items.csv',
      'events-0000.csv',
    ]);
    const rows = await table(join(directory, 'events-0000.csv'));
    expect(rows).toHaveLength(70);
    rows.forEach((row, index) => {
      expect(row).toEqual({
        entity: `m${String(events.entity[index]).padStart(5, '0')}`,
        item: `i${String(events.item[index]).padStart(5, '0')}`,
        timestamp: String(events.timestampMs[index]),
        label: String(events.label[index]),
        truth: events.truth[index]!.toFixed(6),
        surface: ['feed', 'mail', 'search'][events.surface[index]!],
        position: String(events.position[index]),
      });
    });
    const items = await table(join(directory, 'items.csv'));
    expect(items).toHaveLength(15);
    items.forEach((row, index) => {
      const held = CATEGORIES.filter((_, c) => (world.items.categories[index]! >> c) & 1);
      expect(row['categories']?.split('|')).toEqual(held);
      expect(Number(row['minutes'])).toBe(world.items.attributes[index * 4]);
    });
    const members = await table(join(directory, 'entities.csv'));
    expect(members.map((row) => Number(row['age']))).toEqual([...world.members.age]);
  });

  it('begins new files and leaves the truth out on request', async () => {
    const directory = await folder();
    await writeSynthetic(directory, world, { ...SYNTHETIC_FILES, rowsPerFile: 30, truth: false });
    const files = (await readdir(directory)).filter((file) => file.startsWith('events')).sort();
    expect(files).toEqual(['events-0000.csv', 'events-0001.csv', 'events-0002.csv']);
    const parts = await Promise.all(files.map((file) => table(join(directory, file))));
    expect(parts.map((part) => part.length)).toEqual([30, 30, 10]);
    expect(Object.keys(parts[0]![0]!)).toEqual([
      'entity',
      'item',
      'timestamp',
      'label',
      'surface',
      'position',
    ]);
    expect(parts.flat().map((row) => Number(row['timestamp']))).toEqual([...events.timestampMs]);
  });

  it('writes the same events as Parquet', async () => {
    const directory = await folder();
    await writeSynthetic(directory, world, { ...SYNTHETIC_FILES, format: 'parquet', rowsPerFile: 40 });
    const files = (await readdir(directory)).filter((file) => file.startsWith('events')).sort();
    expect(files).toEqual(['events-0000.parquet', 'events-0001.parquet']);
    const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
    try {
      const rows = await database.rows(
        `SELECT timestamp, label, truth FROM read_parquet('${join(directory, 'events-*.parquet')}') ORDER BY timestamp`,
      );
      expect(rows.map((row) => row['timestamp'])).toEqual([...events.timestampMs]);
      expect(rows.map((row) => row['label'])).toEqual([...events.label]);
      expect(rows.map((row) => row['truth'])).toEqual([...events.truth]);
    } finally {
      database.close();
    }
  });
});

describe('the generator of prep', () => {
  it('writes the committed sample byte for byte', async () => {
    const directory = await folder();
    const options = { members: 10, items: 12, events: 60 };
    await generators['synthetic']!.generate({ directory, seed: 1, options, progress: silent });
    const files = (await readdir(directory)).sort();
    expect(files).toEqual((await readdir(SAMPLE)).sort());
    expect(files).toHaveLength(3);
    // When this fails on purpose, raise the generator's version and commit the new files.
    for (const file of files)
      expect(await readFile(join(directory, file), 'utf8')).toBe(await readFile(join(SAMPLE, file), 'utf8'));
  });

  it('names every wrong option', async () => {
    const options = { members: 0, itms: 5 };
    const failed = generators['synthetic']!.generate({ directory: root, seed: 1, options, progress: silent });
    const error = await failed.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserErrors);
    const { errors } = error as UserErrors;
    expect(errors.map((one) => one.code)).toEqual(['SYNTHETIC_OPTIONS', 'SYNTHETIC_OPTIONS']);
    expect(errors.map((one) => one.where)).toContain('generated.options.members');
    expect(errors.map((one) => one.what).join()).toContain('itms');
  });
});
