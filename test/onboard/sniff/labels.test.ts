// The label: every way in which logs say that something was clicked is read, or asked for; never are clicks invented.
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { UserErrors } from '../../../src/errors.js';
import { type Change, madeCsv, sniffed } from './made-log.js';

const CLICKS = 134 / 400;
const spelled =
  (yes: string, no: string): Change =>
  (row) => ({ ...row, click: row.click === '1' ? yes : no });
const rateOf = ({ splits }: { splits: Readonly<Record<string, { rows: number; labelRate: number }>> }) => {
  const parts = Object.values(splits);
  return (
    parts.reduce((sum, { rows, labelRate }) => sum + rows * labelRate, 0) /
    parts.reduce((sum, { rows }) => sum + rows, 0)
  );
};

describe('read:', () => {
  it.each<[string, string, string]>([
    ['1', '0', 'binary'],
    ['1.0', '0.0', 'binary'],
    ['True', 'False', 'binary'],
    ['yes', 'no', 'values'],
    ['Y', 'N', 'values'],
    ['T', 'F', 'values'],
    ['click', 'impression', 'values'],
    ['clicked', 'not clicked', 'values'],
    ['1', '-1', 'values'],
    ['purchase', 'view', 'values'],
  ])('%s and %s', async (yes, no, kind) => {
    const log = await sniffed(madeCsv(spelled(yes, no)));
    expect(log.descriptor.columns?.label).toMatchObject({ kind, column: 'click' });
    expect(rateOf(await log.prepared())).toBeCloseTo(CLICKS, 12);
  });

  it('spelled in several ways', async () => {
    const log = await sniffed(
      madeCsv((row, n) => spelled(n % 2 ? 'Yes' : 'yes', n % 2 ? 'NO' : 'no')(row, n)),
    );
    expect(rateOf(await log.prepared())).toBeCloseTo(CLICKS, 12);
  });

  it('all zero: the label, with a word on it', async () => {
    const log = await sniffed(madeCsv(spelled('0', '0')));
    expect(log.descriptor.columns?.label).toMatchObject({ kind: 'binary', column: 'click' });
    expect(log.reason('label')).toContain('nothing can be learned');
    const { problems } = await log.prepared();
    expect(problems.map(({ code, split }) => `${code} ${split}`)).toContain('SPLIT_ONE_CLASS train');
  });

  it('a rare click at the end of a long file', async () => {
    const header = 'user_id,item_id,timestamp,click\n';
    const rows = Array.from(
      { length: 30_000 },
      (_, n) => `u${n % 700},i${n % 60},${1_700_000_000 + ((n * 7919) % 30_000)},${n < 29_990 ? 0 : 1}\n`,
    );
    const log = await sniffed(header + rows.join(''));
    expect(log.descriptor.columns?.label).toEqual({ kind: 'binary', column: 'click' });
  });

  it('one bad value among many is told, and prep names its line', async () => {
    const log = await sniffed(madeCsv((row, n) => (n === 250 ? { ...row, click: 'maybe' } : row)));
    expect(log.descriptor.columns?.label).toMatchObject({ kind: 'binary', column: 'click' });
    expect(log.reason('label')).toContain('1 of 400 values looked at cannot be read, for example "maybe"');
    await expect(log.prepared()).rejects.toThrow('log.csv:252 column "click"');
  });

  it('a few NA are told, and prep names their lines', async () => {
    const log = await sniffed(madeCsv((row, n) => (n % 100 === 50 ? { ...row, click: 'NA' } : row)));
    expect(log.descriptor.columns?.label).toMatchObject({ kind: 'binary', column: 'click' });
    expect(log.reason('label')).toContain('"NA" in 4 rows');
    await expect(log.prepared()).rejects.toThrow('log.csv:52 column "click"');
  });
});

describe('asked for, with the columns that may be meant:', () => {
  const stopped = async (change: Change): Promise<string> => {
    const log = await sniffed(madeCsv(change));
    expect(log.unsettled).toEqual(['label']);
    expect(log.descriptor.columns).toBeUndefined();
    expect(log.text).not.toContain('implicit, ');
    // Nothing that may be the label is a feature.
    expect(log.descriptor.features.map(({ name }) => name)).toEqual(['colour', 'price']);
    const error: unknown = await log.prepared().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserErrors);
    const [first] = (error as UserErrors).errors;
    expect(first).toMatchObject({ code: 'DATASET_TODO', where: expect.stringMatching(/log\.yaml:\d+/) });
    return first!.what;
  };

  it('words that nobody knows', async () => {
    expect(await stopped(spelled('foo', 'bar'))).toContain('click ("foo", "bar")');
  });

  it('counts', async () => {
    expect(await stopped((row, n) => ({ ...row, click: String((n * 7) % 40) }))).toContain('click (');
  });

  it('a scale of which nothing would be a click', async () => {
    expect(await stopped((row, n) => ({ ...row, click: String(1 + (n % 2)) }))).toContain('click ("1", "2")');
  });

  it('empty where there is no click', async () => {
    expect(await stopped(spelled('1', ''))).toContain('nothing in 266 of 400 rows');
  });

  it('yes and no under a name that says nothing, one of them a maybe', async () => {
    const what = await stopped(({ click, ...row }, n) => ({
      ...row,
      mailbox: n === 200 ? 'maybe' : click === '1' ? 'yes' : 'no',
    }));
    expect(what).toContain('mailbox ("');
  });

  it('with a line that only waits to be uncommented', async () => {
    const log = await sniffed(
      madeCsv(({ click, ...row }) => ({ ...row, mailbox: click === '1' ? 'yes' : 'no' })),
    );
    const ready = '  label: { kind: values, column: mailbox, positive: ["yes"], negative: ["no"] }';
    expect(log.text).toContain(ready.replace('  label', '  # label'));
    await writeFile(log.path, log.text.replace(/^ {2}label: "TODO.*\n/m, '').replace('  # label', '  label'));
    expect(rateOf(await log.prepared())).toBeCloseTo(CLICKS, 12);
  });

  it('no column at all', async () => {
    expect(await stopped(({ click: _, ...row }) => ({ ...row }))).toContain('{ kind: implicit }');
  });
});

it('a second column that sounds like a label is no feature', async () => {
  const log = await sniffed(
    madeCsv((row, n) => ({ ...row, converted: String(n % 2), label2: String(n % 5), target: String(n % 7) })),
  );
  expect(log.descriptor.columns?.label).toMatchObject({ column: 'click' });
  const names = log.descriptor.features.map(({ name }) => name);
  expect(names).not.toContain('converted');
  expect(names).not.toContain('target');
});

it('words of clicks are a label under any name; others under a name of actions are asked about', async () => {
  const named = (one: string, zero: string) =>
    madeCsv(({ click, ...row }) => ({ ...row, event_type: click === '1' ? one : zero }));
  const log = await sniffed(named('click', 'view'));
  expect(log.descriptor.columns?.label).toMatchObject({ column: 'event_type', positive: ['click'] });
  const other = await sniffed(named('addtocart', 'view'));
  expect(other.unsettled).toEqual(['label']);
  expect(other.reason('label')).toContain('event_type ("');
  for (const { descriptor } of [log, other])
    expect(descriptor.features.map(({ name }) => name)).not.toContain('event_type');
});
