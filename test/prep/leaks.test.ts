// Each leak planted, and seen to stop the run.
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { CheckFailed } from '../../src/errors.js';
import { splitSchema } from '../../src/prep/descriptor/split.js';
import { checkOrder } from '../../src/prep/invariants/order-check.js';
import { type Folder, plain, prep, type RawDescriptor, temporaryFolder } from './prep-harness.js';

/** How a faulty window would end: 0 lets rows of the same instant in, FOLLOWING later ones too. */
const broken = vi.hoisted(() => ({ until: undefined as string | undefined }));
vi.mock('../../src/database/database.js', async (original) => {
  const real = await original<typeof import('../../src/database/database.js')>();
  const openDatabase: typeof real.openDatabase = async (options) => {
    const database = await real.openDatabase(options);
    const spoilt = (sql: string): string =>
      broken.until === undefined ? sql : sql.replaceAll('AND 1 PRECEDING', `AND ${broken.until}`);
    return { ...database, run: (sql) => database.run(spoilt(sql)) };
  };
  return { ...real, openDatabase };
});

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
  broken.until = undefined;
});
afterEach(() => folder.remove());

/** The check that stopped a prep, which must leave no folder. */
async function stopped(input: RawDescriptor): Promise<CheckFailed> {
  const error = await prep(folder, input).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CheckFailed);
  expect(await readdir(`${folder.path}/prepared`)).toEqual([]);
  return error as CheckFailed;
}

const given = (parts: Partial<RawDescriptor> = {}, overlap: 'stop' | 'warn' = 'stop') =>
  plain({ split: { kind: 'given', column: 'part', overlap }, ...parts });
const writeGiven = (rows: readonly string[]) =>
  folder.write('events.csv', `user,item,time,label,part\n${rows.join('\n')}\n`);

describe('order', () => {
  const late = [
    'a,x,1,1,train',
    'a,y,9,0,train',
    'a,z,5,1,test',
    'b,x,1,0,train',
    'b,y,2,1,valid',
    'b,z,3,1,test',
  ];

  test('a training row after a test row of the same entity', async () => {
    await writeGiven(late);
    const error = await stopped(given());
    expect(error.code).toBe('LEAK_ORDER');
    expect(error.what).toContain('1 entities');
    expect(error.what).toContain('"a"');
  });

  test('is only a warning where a published cut is declared to overlap', async () => {
    await writeGiven(late);
    const { result, reported } = await prep(folder, given({}, 'warn'));
    expect(result.rows).toBe(6);
    const codes = reported.flatMap((event) => (event.kind === 'warning' ? [event.code] : []));
    expect(codes.filter((code) => code.startsWith('LEAK'))).toEqual(['LEAK_ORDER']);
  });

  test('rows of the same instant on both sides, between any two splits', async () => {
    for (const [earlier, later] of [
      ['train', 'valid'],
      ['train', 'test'],
      ['valid', 'test'],
    ] as const) {
      await writeGiven([`a,x,5,1,${earlier}`, `a,y,5,1,${later}`, 'b,x,1,0,train']);
      expect((await stopped(given())).code).toBe('LEAK_ORDER');
    }
  });

  test('support after the rows it serves, and a held-out entity with training rows', async () => {
    const split = splitSchema.parse({ kind: 'entity-holdout' });
    const check = async (counts: string, times: string): Promise<unknown> => {
      const database = await openDatabase({ memoryLimitMb: 64, threads: 1 });
      await database.run(
        `CREATE TABLE entity_rows AS SELECT 1 AS idx, 'e' AS value, ${counts}, CAST(NULL AS BIGINT) AS train_first,
          CAST(NULL AS BIGINT) AS train_last, CAST(NULL AS BIGINT) AS valid_first, CAST(NULL AS BIGINT) AS valid_last, ${times}`,
      );
      return checkOrder(database, split, () => {}).finally(() => database.close());
    };
    const fine = '0 AS train, 0 AS valid, 2 AS test, 2 AS support';
    expect(await check(fine, '5 AS test_first, 6 AS test_last, 4 AS support_last')).toBe(0);
    await expect(check(fine, '5 AS test_first, 6 AS test_last, 5 AS support_last')).rejects.toThrow(
      CheckFailed,
    );
    const mixed = fine.replace('0 AS train', '1 AS train');
    await expect(check(mixed, '5 AS test_first, 6 AS test_last, 4 AS support_last')).rejects.toThrow(
      CheckFailed,
    );
  });
});

describe('duplicates', () => {
  const copied = ['a,x,1,1,train', 'a,y,2,0,train', 'a,y,2,0,test', 'a,z,3,1,test'];

  test('the same event in two splits', async () => {
    await writeGiven(copied);
    const error = await stopped(given());
    expect(error.code).toBe('LEAK_DUPLICATE');
    expect(error.what).toContain('1 events');
    expect(error.what).toContain('"a" with item "y"');
  });

  test('drop keeps the first; keep measures with the leak, and order still speaks up', async () => {
    await writeGiven(copied);
    const { result } = await prep(folder, given({ duplicates: 'drop' }));
    expect(result.dropped).toEqual({ 'duplicate events': 1 });
    expect([result.splits.train.rows, result.splits.test.rows]).toEqual([2, 1]);
    const kept = await prep(folder, given({ duplicates: 'keep' }, 'warn'));
    expect(kept.result.rows).toBe(4);
  });

  test('twice in one split is no leak', async () => {
    await writeGiven(['a,x,1,1,train', 'a,x,1,1,train', 'a,z,3,1,test', 'a,y,2,1,valid']);
    expect((await prep(folder, given())).result.rows).toBe(4);
  });
});

describe('history aggregates', () => {
  const events = Array.from(
    { length: 60 },
    (_, n) => `u${n % 4},i${n % 5},${Math.floor(n / 12)},${n % 3 === 0 ? 1 : 0}\n`,
  ).join('');
  const statistics = ['count', 'clicks', 'rate', 'days_since_last'] as const;
  const cases = (['entity', 'item'] as const).flatMap((of) =>
    statistics.map((statistic) => ({ name: `past_${statistic}`, kind: 'history', of, statistic }) as const),
  );

  test('from the strict past pass, for every statistic of either side', async () => {
    await folder.write('events.csv', `user,item,time,label\n${events}`);
    const features = cases.map((feature) => ({ ...feature, name: `${feature.name}_${feature.of}` }));
    expect((await prep(folder, plain({ features }))).result.rows).toBe(60);
  });

  test.each(cases)('that see the same instant or later are caught: $statistic of $of', async (feature) => {
    await folder.write('events.csv', `user,item,time,label\n${events}`);
    for (const until of ['0 PRECEDING', '1000 FOLLOWING']) {
      broken.until = until;
      const error = await stopped(plain({ features: [feature] }));
      expect([error.code, error.where]).toEqual(['LEAK_HISTORY', `features.${feature.name}`]);
    }
  });
});

describe('features that are the label', () => {
  /** 400 rows, half clicks; the first `shift` clicks have the `dwell` of the others. */
  async function warnings(shift: number): Promise<readonly string[]> {
    const rows = Array.from({ length: 400 }, (_, n) => {
      const label = n % 2;
      const place = Math.floor(n / 2);
      const dwell = label === 1 && place >= shift ? 10 + place / 100 : place / 100;
      return `u${n % 10},i${n % 7},${n},${label},${dwell},${label === 1 ? 'seen' : 'not'},${(n * 7) % 11}\n`;
    });
    await folder.write('events.csv', `user,item,time,label,dwell,state,noise\n${rows.join('')}`);
    const { reported } = await prep(
      folder,
      plain({
        features: [
          { name: 'dwell', side: 'event', kind: 'numeric' },
          { name: 'state', side: 'event', kind: 'categorical' },
          { name: 'noise', side: 'event', kind: 'numeric' },
        ],
      }),
    );
    return reported.flatMap((event) =>
      event.kind === 'warning' && event.code === 'LEAK_FEATURE' ? [/"(\w+)"/.exec(event.text)![1]!] : [],
    );
  }

  test('are warned of from an AUC of 0.99 on, and only those', async () => {
    expect(await warnings(0)).toEqual(['dwell', 'state']);
    // Of 120 clicks among the training rows one lies below nearly all others: 119 / 120; with two it is 118 / 120.
    expect(await warnings(1)).toEqual(['dwell', 'state']);
    expect(await warnings(2)).toEqual(['state']);
  });
});
