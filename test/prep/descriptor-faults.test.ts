// Descriptors that no log can satisfy: each fault by its code, and where the descriptor has it.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { profileDataset } from '../../src/onboard/profile/profile-dataset.js';
import { descriptorSchema } from '../../src/prep/descriptor/descriptor.js';
import { type Folder, plain, prep, type RawDescriptor, temporaryFolder, userErrors } from './prep-harness.js';

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
  await folder.write('events.csv', 'user,item,time,label\na,x,1,1\na,y,2,0\nb,x,3,1\n');
});
afterEach(() => folder.remove());

const faults = async (input: RawDescriptor) =>
  (await userErrors(prep(folder, input))).map(({ code, where, what }) => [code, where, what]);

const table = (on: 'entity' | 'item') => ({ files: 'events.csv', key: on === 'item' ? 'item' : 'user', on });

test('a feature of a side that no table describes, or several do', async () => {
  const features = [{ name: 'genre', side: 'item', kind: 'categorical' }] as const;
  expect(await faults(plain({ features: [...features], tables: { members: table('entity') } }))).toEqual([
    [
      'DATASET_FEATURE_SOURCE',
      expect.stringContaining('features.genre'),
      expect.stringMatching(/^No table is joined on the item; "from: events"/),
    ],
  ]);
  const two = { films: table('item'), shows: table('item') };
  expect(await faults(plain({ features: [...features], tables: two }))).toEqual([
    [
      'DATASET_FEATURE_SOURCE',
      expect.anything(),
      expect.stringContaining('(films, shows); "from" must name'),
    ],
  ]);
});

test('a feature from a table that there is not', async () => {
  const features = [{ name: 'genre', side: 'item', kind: 'categorical', from: 'filsm' }] as const;
  expect(await faults(plain({ features: [...features], tables: { films: table('item') } }))).toEqual([
    ['DATASET_UNKNOWN_TABLE', expect.stringContaining('features.genre.from'), 'There is no table "filsm".'],
  ]);
});

test('a descriptor without events, or without columns', async () => {
  const { events, ...eventless } = plain();
  expect(await faults(eventless)).toEqual([
    ['DATASET_INCOMPLETE', expect.stringContaining('events'), 'The descriptor names no files of events.'],
  ]);
  const { columns, ...columnless } = plain();
  expect(await faults(columnless)).toEqual([
    ['DATASET_INCOMPLETE', expect.stringContaining('columns'), expect.stringContaining('which columns')],
  ]);
});

test('a generator that there is not, to prep and to its dry run', async () => {
  const input = plain({ generated: { by: 'sinthetic', seed: 1, options: {} } });
  const expected = [
    'DATASET_UNKNOWN_GENERATOR',
    'data set log › generated.by',
    'There is no generator "sinthetic".',
  ];
  expect(await faults(input)).toEqual([expected]);
  const descriptor = descriptorSchema.parse(input);
  const request = { descriptor, dataDirectory: folder.path, threads: 1, memoryLimitMb: 128 };
  const [error] = await userErrors(profileDataset(request));
  expect([error?.code, error?.where, error?.what]).toEqual(expected);
});

test('what a descriptor says of columns twice, or of one column as two', async () => {
  const columns = { ...plain().columns!, item: 'user' };
  const features = [{ name: 'seen', side: 'event', kind: 'numeric', column: 'label' }] as const;
  const events = { files: 'events.csv', columns: ['user', 'item', 'time', 'label'] as [string, ...string[]] };
  expect(
    (await faults(plain({ columns, features: [...features], events }))).map(([, , what]) => what),
  ).toEqual([
    expect.stringContaining('The header names the columns'),
    'Entity and item are the same column.',
    'The column is the label, which a model must not be shown.',
  ]);
});

test('a pattern without a group takes nothing, so it is refused', () => {
  const read = (pattern: string) =>
    descriptorSchema.safeParse(
      plain({ features: [{ name: 'kind', side: 'event', kind: 'categorical', pattern }] }),
    ).success;
  for (const pattern of ['[0-9]+', '\\(a\\)', '[(]a', '(?:a)', '(?i)a', '[]()]a'])
    expect([pattern, read(pattern)]).toEqual([pattern, false]);
  for (const pattern of ['([0-9]+)', '\\((a)', '(?P<x>a)', '(?:a)(b)', '(?<x>a)'])
    expect([pattern, read(pattern)]).toEqual([pattern, true]);
});

test('a pattern that is no regular expression of RE2', async () => {
  for (const pattern of ['(a', '(?=(a))', '(a)\\1'])
    expect(
      (
        await faults(plain({ features: [{ name: 'user', side: 'event', kind: 'categorical', pattern }] }))
      ).map(([code, where]) => `${code} ${where}`),
    ).toEqual(['DATASET_BAD_PATTERN data set log › features.user.pattern']);
});

test('a file that is named twice, once with a dot before it, is one', async () => {
  const events = { files: ['events.csv', './events.csv'] as [string, ...string[]] };
  const split = { kind: 'global-time', validFrom: 8e12, testFrom: 9e12 } as const;
  const { dataset } = await prep(folder, plain({ events, split }));
  expect(dataset.manifest.rows).toBe(3);
});
