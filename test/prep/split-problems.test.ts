// Splits without rows or of one label are told with what to change.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitProblems } from '../../src/prep/split-problems.js';
import { type Folder, plain, prep, temporaryFolder } from './prep-harness.js';

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const good = { rows: 10, labelRate: 0.4 };

describe('splitProblems', () => {
  it('has nothing to say of rows of both labels', () => {
    expect(splitProblems({ train: good, valid: good, test: good }, 'global-time')).toEqual([]);
  });

  it('names every split, what it means and what to change', () => {
    const found = splitProblems(
      { train: { rows: 7, labelRate: 0 }, valid: { rows: 0, labelRate: 0 }, test: { rows: 3, labelRate: 1 } },
      'global-time',
    );
    expect(found.map(({ code, split, text }) => [code, split, text])).toEqual([
      ['SPLIT_ONE_CLASS', 'train', 'All 7 training rows have the label 0: nothing can be learned.'],
      ['SPLIT_EMPTY', 'valid', 'There are no validation rows: the epoch cannot be chosen by an AUC.'],
      ['SPLIT_ONE_CLASS', 'test', 'All 3 test rows have the label 1: no AUC can be measured.'],
    ]);
    expect(found[0]?.next).toContain('per-entity-time');
    expect(
      splitProblems({ train: good, valid: good, test: { rows: 0, labelRate: 0 } }, 'given')[0]?.next,
    ).toContain('state the split');
  });
});

it('prep warns of them, and again where nothing is done', async () => {
  const rows = Array.from({ length: 20 }, (_, n) => `u${n % 3},i${n % 4},${n},${n < 14 ? 0 : n % 2}\n`);
  await folder.write('events.csv', `user,item,time,label\n${rows.join('')}`);
  const input = plain({ split: { kind: 'global-time', test: 0.2, valid: 0.1 } });
  for (const reused of [false, true]) {
    const { result, reported } = await prep(folder, input);
    expect(result.reused).toBe(reused);
    expect(result.problems.map(({ code, split }) => `${code} ${split}`)).toEqual(['SPLIT_ONE_CLASS train']);
    expect(
      reported.filter((event) => event.kind === 'warning' && event.code === 'SPLIT_ONE_CLASS'),
    ).toHaveLength(1);
  }
});
