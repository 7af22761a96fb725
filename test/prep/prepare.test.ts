// Prep from end to end on a log small enough to work every number by hand.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { allEvents, type Folder, plain, prep, sideFeatures, temporaryFolder } from './prep-harness.js';

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const LOG = `user,item,time,label,device
b,x,10,1,phone
a,x,1,0,phone
a,y,2,1,desk
a,z,3,0,phone
a,x,4,1,tablet
a,w,5,0,watch
b,y,20,0,desk
`;
const USERS = `id,age,city
a,30,Oslo
b,50,Rome
c,99,Paris
`;
const ITEMS = `id|tags|price
x|new;hot|10
y|hot|30
w|odd;new|
`;

const descriptor = plain({
  tables: {
    users: { files: 'users.csv', key: 'id', on: 'entity' },
    items: { files: 'items.txt', delimiter: '|', key: 'id', on: 'item' },
  },
  features: [
    { name: 'device', side: 'event', kind: 'categorical' },
    { name: 'age', side: 'entity', kind: 'numeric' },
    { name: 'city', side: 'entity', kind: 'categorical' },
    { name: 'tags', side: 'item', kind: 'multi', separator: ';' },
    { name: 'price', side: 'item', kind: 'numeric', standardise: false },
  ],
});

async function small() {
  await folder.write('events.csv', LOG);
  await folder.write('users.csv', USERS);
  await folder.write('items.txt', ITEMS);
  return prep(folder, descriptor);
}

test('events are sorted by entity and time, and split at the end of each history', async () => {
  const { dataset, result } = await small();
  const events = await allEvents(dataset);
  // a has five events: round(5 × 0.2) = 1 for test, round(4 × 0.25) = 1 for validation; b has round(2 × 0.2) = 0 and round(2 × 0.25) = 1.
  expect(events.map((event) => [event.entity, event.item, event.ms, event.label, event.split])).toEqual([
    ['a', 'x', 1000, 0, 'train'],
    ['a', 'y', 2000, 1, 'train'],
    ['a', 'z', 3000, 0, 'train'],
    ['a', 'x', 4000, 1, 'valid'],
    ['a', 'w', 5000, 0, 'test'],
    ['b', 'x', 10000, 1, 'train'],
    ['b', 'y', 20000, 0, 'valid'],
  ]);
  expect(result).toMatchObject({
    dataset: 'log',
    rows: 7,
    entities: 2,
    items: 4,
    dropped: {},
    reused: false,
  });
  expect(result.splits.train).toEqual({
    rows: 4,
    entities: 2,
    items: 3,
    labelRate: 0.5,
    fromMs: 1000,
    toMs: 10000,
  });
  expect(result.splits.test).toEqual({
    rows: 1,
    entities: 1,
    items: 1,
    labelRate: 0,
    fromMs: 5000,
    toMs: 5000,
  });
});

test('events of one time stay in the order of the source', async () => {
  // 40 entities of 30 events at one time, their items in no order of their own.
  const rows = Array.from({ length: 1200 }, (_, n) => `u${n % 40},i${(n * 7919) % 1201},5,${n % 2}\n`);
  await folder.write('events.csv', `user,item,time,label\n${rows.join('')}`);
  const forever = { kind: 'global-time', validFrom: 8e12, testFrom: 9e12 } as const;
  const { dataset } = await prep(folder, plain({ split: forever }));
  const found = new Map<string, string[]>();
  for (const { entity, item } of await allEvents(dataset))
    found.set(entity, [...(found.get(entity) ?? []), item]);
  for (let user = 0; user < 40; user++)
    expect(found.get(`u${user}`)).toEqual(
      rows.filter((_, n) => n % 40 === user).map((row) => row.split(',')[1]),
    );
});

test('an entity and an item without a training row move no figure and no word', async () => {
  await folder.write('events.csv', 'user,item,time,label\na,x,1,1\nb,y,2,0\na,x,100,1\nc,z,200,0\n');
  await folder.write('users.csv', 'id,age,city\na,30,Oslo\nb,50,Rome\nc,9000,Paris\n');
  await folder.write('items.csv', 'id,price\nx,1\ny,3\nz,9000\n');
  const { dataset } = await prep(
    folder,
    plain({
      tables: {
        users: { files: 'users.csv', key: 'id', on: 'entity' },
        items: { files: 'items.csv', key: 'id', on: 'item' },
      },
      features: [
        { name: 'age', side: 'entity', kind: 'numeric' },
        { name: 'city', side: 'entity', kind: 'categorical' },
        { name: 'price', side: 'item', kind: 'numeric' },
      ],
      split: { kind: 'global-time', validFrom: 50_000, testFrom: 150_000 },
    }),
  );
  // Ages 30 and 50: mean 40, deviation 10. Prices 1 and 3: mean 2, deviation 1.
  const users = await sideFeatures(dataset, 'entity');
  expect([users['a'], users['b'], users['c']]).toEqual([
    { age: -1, city: 'Oslo' },
    { age: 1, city: 'Rome' },
    { age: 896, city: '' },
  ]);
  expect((await sideFeatures(dataset, 'item'))['x']).toEqual({ price: -1 });
});

test('vocabularies and figures come from training rows', async () => {
  const { dataset } = await small();
  expect(await dataset.vocabulary('device')).toEqual(['', 'desk', 'phone']);
  const events = await allEvents(dataset);
  expect(events.map((event) => event.features['device'])).toEqual([
    'phone',
    'desk',
    'phone',
    '',
    '',
    'phone',
    'desk',
  ]);
  const users = await sideFeatures(dataset, 'entity');
  // Ages 30 and 50: mean 40, deviation 10. Paris belongs to nobody in the log.
  expect(users).toEqual({
    '': { age: 0, city: '' },
    a: { age: -1, city: 'Oslo' },
    b: { age: 1, city: 'Rome' },
  });
  // w occurs in the test row only: "odd" is unknown, "new" is known from x; z has no row in items.txt.
  const items = await sideFeatures(dataset, 'item');
  expect(items).toEqual({
    '': { tags: [], price: 0 },
    w: { tags: ['new'], price: 0 },
    x: { tags: ['new', 'hot'], price: 10 },
    y: { tags: ['hot'], price: 30 },
    z: { tags: [], price: 0 },
  });
  expect(dataset.manifest.notes).toMatchObject({ 'item values missing from table items': 1 });
});

test('counts by split stand beside every entity and item', async () => {
  const { dataset } = await small();
  expect(await dataset.vocabulary('item')).toEqual(['', 'w', 'x', 'y', 'z']);
  const items = await dataset.itemCounts();
  expect([...items.train]).toEqual([0, 0, 2, 1, 1]);
  expect([...items.valid]).toEqual([0, 0, 1, 1, 0]);
  expect([...items.test]).toEqual([0, 1, 0, 0, 0]);
  const entities = await dataset.entityCounts();
  expect([...entities.train]).toEqual([0, 3, 1]);
});

test('nothing changed: nothing done; a changed file or descriptor: another folder', async () => {
  const first = await small();
  const again = await prep(folder, descriptor);
  expect(again.result).toEqual({ ...first.result, reused: true });
  const other = await prep(folder, { ...descriptor, duplicates: 'keep' });
  expect(other.result.path).not.toBe(first.result.path);
  await folder.write('events.csv', `${LOG}b,z,30,1,desk\n`);
  const longer = await prep(folder, descriptor);
  expect(longer.result.rows).toBe(8);
  expect(longer.result.hash).not.toBe(first.result.hash);
});

test('the same input gives the same bytes, whatever the number of threads', async () => {
  const first = await small();
  const second = await prep(folder, descriptor, { outDirectory: `${folder.path}/elsewhere`, threads: 1 });
  expect(second.dataset.manifest.files).toEqual(first.dataset.manifest.files);
  expect(second.dataset.manifest).toEqual(first.dataset.manifest);
});

test("a log of one's own needs no licence and no source", async () => {
  await folder.write('events.csv', LOG);
  const { licence: _licence, source: _source, ...smallest } = plain();
  const { dataset } = await prep(folder, smallest);
  expect((await allEvents(dataset)).length).toBe(7);
});
