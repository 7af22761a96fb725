// What is said about rare labels, rare and missing values, and times that tell nothing.
import { describe, expect, it } from 'vitest';
import { codes, profile } from './small-log.js';

interface Cells {
  readonly hit: number;
  readonly at: number;
  readonly more: string;
}

/** `count` rows of 40 members and 17 items; `cells` gives the rest of each. */
function log(count: number, cells: (row: number) => Partial<Cells>): string {
  const rows = Array.from({ length: count }, (_, row) => {
    const { hit = Number((row * 7919) % 3 === 0), at = 1_500_000_000 + row * 60, more = '' } = cells(row);
    return `m${row % 40},i${(row * 31) % 17},${at},${hit},${more}\n`;
  });
  return `who,what,at,hit,more\n${rows.join('')}`;
}

const said = async (text: string, kind?: 'categorical' | 'numeric') =>
  codes(
    await profile(
      { 'log.csv': text },
      kind === undefined ? {} : { features: [{ name: 'more', side: 'event', kind }] },
    ),
  );

describe('a label', () => {
  it('that is rare is told; one in a thousand is not', async () => {
    expect(await said(log(2000, (row) => ({ hit: Number(row === 7) })))).toContain('hint LABEL_RARE');
    expect(await said(log(2000, (row) => ({ hit: Number(row !== 7) })))).toContain('hint LABEL_RARE');
    expect(await said(log(2000, (row) => ({ hit: Number(row === 7 || row === 1007) })))).not.toContain(
      'hint LABEL_RARE',
    );
  });
});

describe('a time', () => {
  it('that is one for all', async () => {
    expect(await said(log(200, () => ({ at: 1_500_000_000 })))).toContain('warning TIME_CONSTANT');
    expect(await said(log(200, (row) => ({ at: 1_500_000_000 + Number(row === 7) })))).not.toContain(
      'warning TIME_CONSTANT',
    );
  });

  it('that begins in 1970', async () => {
    const day = 86_400;
    expect(await said(log(200, (row) => ({ at: 364 * day + row })))).toContain('hint TIME_1970');
    expect(await said(log(200, (row) => ({ at: 365 * day + row })))).not.toContain('hint TIME_1970');
  });
});

describe('a column', () => {
  it('that is mostly missing: more than 95 in a hundred', async () => {
    const present = (most: number) => log(200, (row) => ({ more: row < most ? `v${row % 2}` : '' }));
    expect(await said(present(9), 'categorical')).toContain('hint MOSTLY_MISSING');
    expect(await said(present(10), 'categorical')).not.toContain('hint MOSTLY_MISSING');
  });

  it('of many values, most of which occur once', async () => {
    // 1,100 values once and 300 five times: 1,400 values, not near one a row.
    const values = (once: number) =>
      log(2600, (row) => ({ more: row < once ? `rare${row}` : `often${row % 300}` }));
    expect(await said(values(1100), 'categorical')).toContain('hint RARE_VALUES');
    expect(await said(values(600), 'categorical')).not.toContain('hint RARE_VALUES');
  });

  it('that alone tells clicks apart better than honest features do', async () => {
    // A third of 200 rows are clicks; the column is the label but for some clicks of the first rows.
    const told = (wrong: number) =>
      log(200, (row) => {
        const hit = Number((row * 7919) % 3 === 0);
        return { hit, more: hit === 1 && row >= wrong ? 'yes' : 'no' };
      });
    // Of 67 clicks 10 are missed: AUC (57 + 10 / 2) / 67 = 0.925; of 20 missed 0.851.
    expect(await said(told(30), 'categorical')).toContain('hint SUSPECT');
    expect(await said(told(60), 'categorical')).not.toContain('hint SUSPECT');
  });
});

describe('a split', () => {
  it('of one label, or that cannot be made, is told before anything is prepared', async () => {
    const late = await profile({ 'log.csv': log(200, (row) => (row < 150 ? {} : { hit: 0 })) });
    expect(codes(late)).toContain('warning SPLIT_ONE_CLASS');
    expect(late.suggestions.find(({ where }) => where === 'split')?.text).toContain('All 40 test rows');
    const stated = await profile(
      { 'log.csv': log(200, (row) => ({ more: row < 100 ? 'a' : 'b' })) },
      { split: { kind: 'given', column: 'more', values: { train: ['a'], valid: ['b'], test: ['c'] } } },
    );
    expect(codes(stated)).toContain('warning SPLIT_EMPTY');
    const coarse = await profile({ 'log.csv': log(200, (row) => ({ at: row < 100 ? 1e9 : 1e9 + 1 })) });
    expect(codes(coarse)).toContain('warning SPLIT_NO_BOUNDARY');
    expect(codes(await profile({ 'log.csv': log(200, () => ({})) }))).toEqual([]);
  });
});
