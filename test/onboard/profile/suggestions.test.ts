// What is said about logs with something wrong, and that nothing is said about a clean one.
import { describe, expect, it } from 'vitest';
import { base, codes, profile } from './small-log.js';

/** 200 rows of 20 members: `cells` gives the last columns of each. */
function longLog(columns: string, cells: (row: number) => string): string {
  const rows = Array.from({ length: 200 }, (_, row) => {
    const hit = (row * 7919) % 3 === 0 ? 1 : 0;
    return `m${row % 20},i${(row * 31) % 17},${1_500_000_000 + row * 60},${hit},${cells(row)}`;
  });
  return `who,what,at,hit,${columns}\n${rows.join('\n')}\n`;
}

const hitOf = (row: number): boolean => (row * 7919) % 3 === 0;

describe('suggestions', () => {
  it('say nothing about a clean log', async () => {
    const log = longLog('surface', (row) => ['feed', 'mail'][(row * 13) % 2]!);
    const found = await profile(
      { 'log.csv': log },
      { features: [{ name: 'surface', side: 'event', kind: 'categorical' }] },
    );
    expect(found.suggestions).toEqual([]);
  });

  it('warn of features that give the label away, name rows or say nothing', async () => {
    const log = longLog('outcome,token,same,empty,amount,fate', (row) =>
      [
        hitOf(row) ? 'bought' : 'left',
        `t${row}`,
        'x',
        '',
        row === 7 ? 90_000 : 10 + (row % 5),
        hitOf(row) ? 1 : 0,
      ].join(','),
    );
    const side = 'event' as const;
    const found = await profile(
      { 'log.csv': log },
      {
        features: [
          { name: 'outcome', side, kind: 'categorical' },
          { name: 'token', side, kind: 'categorical' },
          { name: 'same', side, kind: 'categorical' },
          { name: 'empty', side, kind: 'categorical' },
          { name: 'amount', side, kind: 'numeric' },
        ],
      },
    );
    expect(found.suggestions.map(({ level, code, where }) => `${level} ${code} ${where}`)).toEqual([
      'warning LEAK features.outcome',
      'warning LOOKS_LIKE_ID features.token',
      'warning ALL_MISSING features.empty',
      'hint CONSTANT features.same',
      'hint SKEWED features.amount',
      'hint LEAK events.fate',
    ]);
  });

  it('warn of an ID as a feature, and not of a part of one', async () => {
    const rows = Array.from(
      { length: 300 },
      (_, n) => `m${n % 30},i${n % 7},${1_500_000_000 + n * 60},${Number(n % 3 > 1)},p${n % 5}`,
    );
    const files = { 'log.csv': `who,what,at,hit,part\n${rows.join('\n')}\n` };
    const feature = (name: string, more = {}) => ({
      features: [{ name, side: 'event' as const, kind: 'categorical' as const, ...more }],
    });
    const said = await profile(files, feature('what'));
    expect(said.suggestions).toMatchObject([
      { level: 'warning', code: 'IS_ID', where: 'features.what', text: expect.stringContaining('the item') },
    ]);
    expect(codes(await profile(files, feature('initial', { column: 'what', prefix: 1 })))).toEqual([]);
    const parted = { ...feature('part'), columns: { ...base.columns, entity: ['who', 'part'] } };
    expect(codes(await profile(files, parted))).toEqual([]);
  });

  it('warn of an entity that is hardly any', async () => {
    const rows = Array.from(
      { length: 1200 },
      (_, n) => `m${n % 9},i${n % 7},${1_500_000_000 + n * 60},${Number(n % 3 > 1)}`,
    );
    const log = (members: number): string =>
      `who,what,at,hit\n${rows.map((row, n) => row.replace(/^m\d/, `m${n % members}`)).join('\n')}\n`;
    const few = await profile({ 'log.csv': log(9) });
    expect(few.suggestions).toMatchObject([
      {
        level: 'warning',
        code: 'FEW_ENTITIES',
        text: expect.stringContaining('Only 9 entities in 1200 events'),
      },
    ]);
    expect(codes(await profile({ 'log.csv': log(10) }))).toEqual([]);
  });

  it('find times in another unit than declared, both ways', async () => {
    const seconds = longLog('x', () => '1');
    const asMs = await profile(
      { 'log.csv': seconds },
      { columns: { ...base.columns, timestamp: { column: 'at', unit: 'ms' } } },
    );
    expect(asMs.suggestions[0]).toMatchObject({
      code: 'TIME_UNIT',
      text: expect.stringContaining('set "unit: s"'),
    });
    const milliseconds = seconds.replaceAll(/,(15\d{8}),/g, ',$1000,');
    const asSeconds = await profile({ 'log.csv': milliseconds });
    expect(asSeconds.rows).toBe(0);
    expect(asSeconds.suggestions[0]).toMatchObject({
      code: 'TIME_UNIT',
      text: expect.stringContaining('set "unit: ms"'),
    });
  });

  it('count copies, and name labels of one class', async () => {
    const log = longLog('x', () => '1');
    const copied = log + log.slice(log.indexOf('\n') + 1, log.indexOf('\n', 200) + 1);
    const copies = copied.split('\n').length - log.split('\n').length;
    const found = await profile({ 'log.csv': copied });
    expect(found.duplicates).toBe(copies);
    expect(codes(found)).toEqual(['warning DUPLICATE_EVENTS']);
    const clicks = await profile({ 'log.csv': log.replaceAll(/,(15\d{8}),0,/g, ',$1,1,') });
    expect(codes(clicks)).toEqual(['warning LABEL_ONE_CLASS']);
  });

  it('find a side table that fits nothing', async () => {
    const files = { 'log.csv': longLog('x', () => '1'), 'side.csv': 'id,kind\n1,x\n2,y\n' };
    const found = await profile(files, {
      tables: { things: { files: 'side.csv', key: 'id', on: 'item' } },
      features: [{ name: 'kind', side: 'item', kind: 'categorical' }],
    });
    expect(codes(found)).toEqual(['warning TABLE_UNMATCHED']);
  });

  it('warn of words for no value that would become IDs', async () => {
    const log = `who,what,at,hit\n${Array.from({ length: 40 }, (_, n) => `${n % 10 ? `m${n % 4}` : 'NA'},i${n % 5},${1_500_000_000 + n},${n % 2}\n`).join('')}`;
    const found = await profile({ 'log.csv': log });
    expect(found.suggestions.find(({ code }) => code === 'MISSING_WORD')).toMatchObject({
      level: 'warning',
      where: 'events.who',
      text: expect.stringContaining('"NA"'),
    });
    const declared = await profile({ 'log.csv': log }, { events: { files: 'log.csv', missing: ['', 'NA'] } });
    expect(codes(declared)).not.toContain('warning MISSING_WORD');
  });
});
