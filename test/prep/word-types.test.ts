// Columns of few words are carried as codes: their order of first appearance must not show, nor where the tables lie.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readManifest } from '../../src/prepared/read-manifest.js';
import type { ProgressEvent } from '../../src/progress.js';
import { allEvents, type Folder, plain, prep, sideFeatures, temporaryFolder } from './prep-harness.js';

/** Neither sorted by text nor by size, with texts that are no number and rows that have none. */
const WORDS = ['zeta', '10', '9', '', 'alfa', '9', ' 10 ', 'Zeta'];
const TAGS = ['b|a', '', 'c', 'a|c|a'];
const ROWS = 400;
const row = (n: number): string[] => [
  `u${n % 20}`,
  `i${n % 7}`,
  String(n * 60),
  String(Number(n % 3 === 0)),
  WORDS[n % WORDS.length]!,
  TAGS[n % TAGS.length]!,
  `c${n % 20}`,
  `p${n % 5}`,
];
const HEADER = ['user', 'item', 'time', 'label', 'word', 'tags', 'city', 'page'];

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
  const lines = Array.from({ length: ROWS }, (_, n) => row(n).join(','));
  await folder.write('events.csv', `${[HEADER.join(','), ...lines].join('\n')}\n`);
  // A column that nobody reads makes the raw log too long for memory.
  const long = 'x'.repeat(240_000);
  const wide = [...HEADER, 'unused'].join(',');
  await folder.write('wide.csv', `${[wide, ...lines.map((line) => `${line},${long}`)].join('\n')}\n`);
  await folder.write('pages.csv', 'id,topic\np0,sport\np1,arts\np2,sport\np4,\n');
});
afterAll(() => folder.remove());

const described = (files: string) =>
  plain({
    events: { files },
    tables: { pages: { files: 'pages.csv', key: 'id', on: 'page' } },
    features: [
      { name: 'city', side: 'entity', kind: 'categorical', from: 'events' },
      { name: 'word', side: 'event', kind: 'categorical' },
      { name: 'tags', side: 'event', kind: 'multi', separator: '|' },
      { name: 'topic', side: 'event', kind: 'categorical', from: 'pages' },
    ],
  });

test('words are numbered in natural order, and read back as they stood', async () => {
  const { dataset } = await prep(folder, described('events.csv'));
  expect(await dataset.vocabulary('word')).toEqual(['', '9', '10', 'Zeta', 'alfa', 'zeta']);
  expect(await dataset.vocabulary('tags')).toEqual(['', 'a', 'b', 'c']);
  expect(await dataset.vocabulary('topic')).toEqual(['', 'arts', 'sport']);
});

test('every event keeps its words, lists and numbers', async () => {
  const { dataset } = await prep(folder, described('events.csv'));
  const events = await allEvents(dataset);
  expect(events).toHaveLength(ROWS);
  const topics: Record<string, string> = { p0: 'sport', p1: 'arts', p2: 'sport' };
  for (const { entity, ms, features } of events) {
    const [user, , , , word, tags, , page] = row(ms / 60_000);
    expect(entity).toBe(user);
    expect(features['word']).toBe(word!.trim());
    expect(features['tags']).toEqual([...new Set(tags!.split('|'))].filter((tag) => tag !== ''));
    expect(features['topic']).toBe(topics[page!] ?? '');
  }
  const cities = await sideFeatures(dataset, 'entity');
  expect(cities['u7']).toEqual({ city: 'c7' });
});

test('tables in a file on disk give the same bytes as tables in memory', async () => {
  const onDisk: boolean[] = [];
  const out = join(folder.path, 'again');
  const look = (event: ProgressEvent): void => {
    if (event.kind !== 'stage' || event.name !== 'sort') return;
    const work = readdirSync(out).find((name) => name.endsWith('.work'));
    onDisk.push(existsSync(join(out, work!, 'prep.duckdb')));
  };
  const files: Readonly<Record<string, string>>[] = [];
  for (const log of ['events.csv', 'wide.csv']) {
    const { result } = await prep(folder, described(log), {
      outDirectory: out,
      memoryLimitMb: 80,
      progress: look,
    });
    files.push((await readManifest(result.path)).files);
  }
  expect(onDisk).toEqual([false, true]);
  expect(Object.keys(files[0]!)).toHaveLength(7);
  expect(files[1]).toEqual(files[0]);
});
