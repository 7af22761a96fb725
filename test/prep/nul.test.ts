// NUL characters: no value that is read holds one.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Folder, plain, prep, type RawDescriptor, temporaryFolder, userErrors } from './prep-harness.js';

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const faults = async (input: RawDescriptor) =>
  (await userErrors(prep(folder, input))).map(({ code, where, what }) => [code, where, what]);

test('a NUL in any value that is read, of labels, splits and keys too', async () => {
  await folder.write(
    'events.csv',
    'user,item,time,label,part\na,x,1,yes\0,train\na,y,2,no,train\0\na,z\0,3,no,train\n',
  );
  const input = plain({
    columns: {
      ...plain().columns!,
      label: { kind: 'values', column: 'label', positive: ['yes'], otherwise: 'negative' },
    },
    split: { kind: 'given', column: 'part' },
    tables: { parts: { files: 'parts.csv', key: 'part', on: 'part' } },
    features: [{ name: 'size', side: 'event', kind: 'categorical', from: 'parts' }],
  });
  await folder.write('parts.csv', 'part,size\ntrain,1\n');
  const nul = 'is a text with a NUL.';
  expect(await faults(input)).toEqual([
    ['DATA_BAD_ROW', 'events.csv:2 column "label"', expect.stringContaining(nul)],
    ['DATA_BAD_ROW', 'events.csv:3 column "part"', expect.stringContaining(nul)],
    ['DATA_BAD_ROW', 'events.csv:4 column "item"', expect.stringContaining(nul)],
  ]);
  await folder.write('events.csv', 'user,item,time,label,part\na,x,1,yes,train\n');
  await folder.write('parts.csv', 'part,size\ntrain\0,1\n');
  expect(await faults(input)).toEqual([
    ['DATA_BAD_ROW', 'parts.csv:2 column "part"', expect.stringContaining(nul)],
  ]);
});
