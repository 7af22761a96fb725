// Rows of side tables that are left out are counted, in prep's result and manifest as in the dry run.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { profileDataset } from '../../src/onboard/profile/profile-dataset.js';
import { descriptorSchema } from '../../src/prep/descriptor/descriptor.js';
import { type Folder, plain, prep, sideFeatures, temporaryFolder } from './prep-harness.js';

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
  const rows = Array.from(
    { length: 12 },
    (_, n) => `${n % 2 ? 'a' : 'b'},i${n % 3},${n * 3600},${Number(n % 4 > 1)}\n`,
  );
  await folder.write('events.csv', `user,item,time,label\n${rows.join('')}`);
  // Of seven rows two are no films, one is too old, i2 comes three times.
  await folder.write(
    'films.csv',
    'id,what,year,genre\ni0,film,1999,noir\ni1,film,1920,war\nx,song,1999,\nv,song,1999,\ni2,film,2001,first\ni2,film,2001,second\ni2,film,2001,third\n',
  );
});
afterAll(() => folder.remove());

const described = (where: readonly object[], duplicates: 'first' | 'last') =>
  plain({
    tables: {
      films: { files: 'films.csv', key: 'id', on: 'item', where: where as never, duplicates },
    },
    features: [{ name: 'genre', side: 'item', kind: 'categorical' }],
  });
const FILTERS = [
  { column: 'what', in: ['film'] },
  { column: 'year', min: 1950 },
];

test('rows that a table filters, and repeated keys, are counted by reason', async () => {
  const { result, dataset, reported } = await prep(folder, described(FILTERS, 'last'));
  const counted = {
    'rows of table films filtered by what': 2,
    'rows of table films filtered by year': 1,
    'repeated keys of table films': 2,
  };
  expect(result.dropped).toEqual(counted);
  expect(dataset.manifest.dropped).toEqual(counted);
  const notes = reported.flatMap((event) => (event.kind === 'note' ? [event.text] : []));
  expect(notes).toContain('rows of table films filtered by what: 2');
  const { i0, i1, i2 } = await sideFeatures(dataset, 'item');
  expect([i0!['genre'], i1!['genre'], i2!['genre']]).toEqual(['noir', '', 'third']);
});

test('a filter that keeps every row is not mentioned', async () => {
  const { result } = await prep(folder, described([{ column: 'id', notIn: ['nobody'] }], 'first'));
  expect(result.dropped).toEqual({ 'repeated keys of table films': 2 });
});

test('the dry run counts the same filters', async () => {
  const profile = await profileDataset({
    descriptor: descriptorSchema.parse(described(FILTERS, 'first')),
    dataDirectory: folder.path,
  });
  expect(profile.dropped).toEqual({
    'rows of table films filtered by what': 2,
    'rows of table films filtered by year': 1,
  });
});
