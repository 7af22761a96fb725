// Every kind of split on logs small enough to cut by hand.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  allEvents,
  type Folder,
  type Prepped,
  plain,
  prep,
  type RawDescriptor,
  temporaryFolder,
  userErrors,
} from './prep-harness.js';

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

type Split = NonNullable<RawDescriptor['split']>;

/** Rows as `entity time`, one item each. */
const log = (rows: readonly string[]): string =>
  `user,item,time,label\n${rows.map((row, n) => `${row.replace(' ', `,i${n},`)},${n % 2}\n`).join('')}`;

/** `entity time` of the rows of each split, in stored order. */
async function cut({ dataset }: Prepped): Promise<Readonly<Record<string, readonly string[]>>> {
  const parts: Record<string, string[]> = {};
  for (const { entity, ms, split } of await allEvents(dataset)) {
    parts[split] ??= [];
    parts[split].push(`${entity} ${ms / 1000}`);
  }
  return parts;
}

async function split(rows: readonly string[], how: Split): Promise<Prepped> {
  await folder.write('events.csv', log(rows));
  return prep(folder, plain({ split: how }));
}

describe('global-time', () => {
  test('fractions of the rows, everyone alike', async () => {
    const rows = ['a 1', 'b 2', 'a 3', 'a 4', 'b 5', 'a 6', 'b 7', 'a 8', 'c 9', 'a 10'];
    // Of ten rows two are test and one validation: they begin at 9 and 8.
    expect(await cut(await split(rows, { kind: 'global-time', test: 0.2, valid: 0.1 }))).toEqual({
      train: ['a 1', 'a 3', 'a 4', 'a 6', 'b 2', 'b 5', 'b 7'],
      valid: ['a 8'],
      test: ['a 10', 'c 9'],
    });
  });

  test('rows of one instant stay on one side', async () => {
    const rows = ['a 1', 'b 1', 'c 1', 'a 2', 'b 2', 'c 2', 'd 2', 'a 3', 'b 3', 'c 3'];
    // Both the 8th and the 7th place lie nearest to the instant 3: nothing is left for validation.
    const errors = await userErrors(split(rows, { kind: 'global-time', test: 0.2, valid: 0.1 }));
    expect(errors.map(({ code }) => code)).toEqual(['SPLIT_NO_BOUNDARY']);
    expect(await cut(await split(rows, { kind: 'global-time', test: 0.3, valid: 0.35 }))).toEqual({
      train: ['a 1', 'b 1', 'c 1'],
      valid: ['a 2', 'b 2', 'c 2', 'd 2'],
      test: ['a 3', 'b 3', 'c 3'],
    });
  });

  test('stated instants, and a purge gap before each', async () => {
    const rows = ['a 0', 'a 3599', 'a 3600', 'b 5000', 'b 7200', 'b 10799', 'a 10800', 'c 14400'];
    const how: Split = {
      kind: 'global-time',
      validFrom: '1970-01-01T02:00:00',
      testFrom: '1970-01-01T04:00:00',
    };
    expect(await cut(await split(rows, how))).toEqual({
      train: ['a 0', 'a 3599', 'a 3600', 'b 5000'],
      valid: ['a 10800', 'b 7200', 'b 10799'],
      test: ['c 14400'],
    });
    // An hour before 02:00 is from 3600 on; before 04:00 from 10800 on.
    const purged = await split(rows, { ...how, purgeMinutes: 60 });
    expect(await cut(purged)).toEqual({
      train: ['a 0', 'a 3599'],
      valid: ['b 7200', 'b 10799'],
      test: ['c 14400'],
    });
    expect(purged.result.dropped).toEqual({ 'rows in the purge gap': 3 });
    expect(purged.result.rows).toBe(5);
  });
});

describe('per-entity-time', () => {
  test('the ends of each history, moved off equal times; one instant is not cut', async () => {
    const rows = [
      ...['a 1', 'a 2', 'a 3', 'a 4', 'a 5', 'a 6', 'a 7', 'a 8', 'a 9', 'a 10'],
      // One row for test would part the two at 6. Both, or none, move the cut by one place: then the earlier cut is taken.
      ...['b 1', 'b 2', 'b 3', 'b 4', 'b 6', 'b 6'],
      ...['c 5', 'c 5', 'c 5', 'c 5', 'c 5'],
    ];
    const prepped = await split(rows, { kind: 'per-entity-time', test: 0.2, valid: 0.25 });
    expect(await cut(prepped)).toEqual({
      // a: two test, round(8 × 0.25) = 2 validation. b: two test, round(4 × 0.25) = 1 validation. c: all train.
      train: [
        'a 1',
        'a 2',
        'a 3',
        'a 4',
        'a 5',
        'a 6',
        'b 1',
        'b 2',
        'b 3',
        'c 5',
        'c 5',
        'c 5',
        'c 5',
        'c 5',
      ],
      valid: ['a 7', 'a 8', 'b 4'],
      test: ['a 9', 'a 10', 'b 6', 'b 6'],
    });
    expect(prepped.dataset.manifest.notes).toMatchObject({
      'entities without test rows (too short, or one instant)': 1,
    });
  });

  test('a purge gap before each own cut', async () => {
    const rows = [
      'a 60',
      'a 120',
      'a 180',
      'a 240',
      'a 300',
      'b 1060',
      'b 1120',
      'b 1180',
      'b 1240',
      'b 1300',
    ];
    const prepped = await split(rows, { kind: 'per-entity-time', test: 0.2, valid: 0.25, purgeMinutes: 1 });
    expect(await cut(prepped)).toEqual({
      train: ['a 60', 'a 120', 'b 1060', 'b 1120'],
      test: ['a 300', 'b 1300'],
    });
    expect(prepped.result.dropped).toEqual({ 'rows in the purge gap': 4 });
    expect(prepped.result.splits.valid).toMatchObject({ rows: 0, fromMs: null, toMs: null, labelRate: 0 });
  });
});

describe('entity-holdout', () => {
  const rows = Array.from({ length: 10 }, (_, e) =>
    Array.from({ length: 4 }, (_, n) => `e${e} ${10 + n}`),
  ).flat();
  const entitiesOf = (part: readonly string[] = []) => [...new Set(part.map((row) => row.split(' ')[0]!))];

  test('held-out entities are never trained on; the first half of their histories is support', async () => {
    const prepped = await split(rows, { kind: 'entity-holdout', test: 0.2, valid: 0.1 });
    const parts = await cut(prepped);
    const [train, valid, test] = ['train', 'valid', 'test'].map((name) => entitiesOf(parts[name]));
    expect([train!.length, valid!.length, test!.length]).toEqual([7, 1, 2]);
    expect(new Set([...train!, ...valid!, ...test!]).size).toBe(10);
    const times = (name: string) => parts[name]!.map((row) => row.split(' ')[1]);
    expect(times('support')).toEqual(['10', '11', '10', '11', '10', '11']);
    expect(times('test')).toEqual(['12', '13', '12', '13']);
    expect(entitiesOf(parts['support']).sort()).toEqual([...valid!, ...test!].sort());
    expect(prepped.dataset.manifest.support).toMatchObject({ rows: 6, entities: 3 });
    expect(prepped.dataset.manifest.rows).toBe(40);
  });

  test('another seed holds out others, the same seed the same', async () => {
    const held = async (seed: number) =>
      entitiesOf(
        (await cut(await split(rows, { kind: 'entity-holdout', test: 0.3, valid: 0.3, seed })))['test'],
      );
    const first = await held(1);
    expect(await held(1)).toEqual(first);
    const others = await Promise.all([2, 3, 4].map(async (seed) => (await held(seed)).join()));
    expect(others.some((other) => other !== first.join())).toBe(true);
  });

  test('the purge gap lies between support and what is judged', async () => {
    const spread = rows.map((row) => row.replace(/ (\d+)$/, (_, time) => ` ${Number(time) * 60}`));
    const prepped = await split(spread, { kind: 'entity-holdout', test: 0.2, valid: 0.1, purgeMinutes: 1 });
    const parts = await cut(prepped);
    expect(parts['support']).toHaveLength(3);
    expect(prepped.result.dropped).toEqual({ 'rows in the purge gap': 3 });
  });
});

describe('given', () => {
  const parts = { train: ['a 1', 'b 1', 'a 2'], valid: ['a 3', 'b 2'], test: ['a 4', 'c 3'] };
  const expected = { train: ['a 1', 'a 2', 'b 1'], valid: ['a 3', 'b 2'], test: ['a 4', 'c 3'] };

  test('by files', async () => {
    for (const [name, rows] of Object.entries(parts)) await folder.write(`${name}.csv`, log(rows));
    const files = { train: 'train.csv', valid: 'valid.csv', test: 'test.csv' };
    const prepped = await prep(folder, plain({ events: { files }, split: { kind: 'given' } }));
    expect(await cut(prepped)).toEqual(expected);
    const errors = await userErrors(prep(folder, plain({ events: { files } })));
    expect(errors.map(({ code, where }) => [code, where])).toEqual([
      ['DATASET_INCONSISTENT', 'data set log › events.files'],
    ]);
  });

  test('by a column with its own words; another word is a bad row', async () => {
    const rows = Object.entries(parts).flatMap(([name, times]) => times.map((row) => [row, name] as const));
    const body = rows.map(
      ([row, name]) => `${row.replace(' ', ',x,')},1,${name === 'valid' ? 'dev' : name}\n`,
    );
    await folder.write('events.csv', `user,item,time,label,part\n${body.join('')}`);
    const given: Split = { kind: 'given', column: 'part', values: { valid: ['dev', 'validation'] } };
    expect(await cut(await prep(folder, plain({ split: given })))).toEqual(expected);
    const errors = await userErrors(prep(folder, plain({ split: { kind: 'given', column: 'part' } })));
    expect(errors.map(({ where, what }) => [where, what])).toEqual([
      ['events.csv:5 column "part"', '"dev" is not one of the declared split values.'],
      ['events.csv:6 column "part"', '"dev" is not one of the declared split values.'],
    ]);
  });
});

test('of two places equally near the end of a history is split at the earlier', async () => {
  // Ten events, two of one time: the last fifth would begin between those, so 7 or 9 rows may stand before it.
  const times = [1, 2, 3, 4, 5, 6, 7, 8, 8, 9];
  await folder.write('events.csv', log(times.map((time) => `a ${time}`)));
  const split: Split = { kind: 'per-entity-time', test: 0.2, valid: 0.1 };
  const found = await cut(await prep(folder, plain({ split })));
  expect(found['test']).toEqual(['a 8', 'a 8', 'a 9']);
});

describe('random', () => {
  const rows = Array.from({ length: 400 }, (_, n) => `m${n % 7} ${n + 1}`);
  const how = { kind: 'random', test: 0.1, valid: 0.2, overlap: 'warn' } as const;

  test('rows by lot, near the fractions, with a warning that training rows are later than judged ones', async () => {
    const done = await split(rows, how);
    const { train = [], valid = [], test: tests = [] } = await cut(done);
    expect(train.length + valid.length + tests.length).toBe(400);
    expect(valid.length).toBeGreaterThan(55);
    expect(valid.length).toBeLessThan(105);
    expect(tests.length).toBeGreaterThan(22);
    expect(tests.length).toBeLessThan(60);
    const codes = done.reported.flatMap((event) => (event.kind === 'warning' ? [event.code] : []));
    expect(codes).toContain('LEAK_ORDER');
  });

  test('the same lot the same rows, another others', async () => {
    const first = await cut(await split(rows, how));
    expect(await cut(await split(rows, how))).toEqual(first);
    expect(await cut(await split(rows, { ...how, lot: 2 }))).not.toEqual(first);
  });
});
