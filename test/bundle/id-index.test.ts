// Rows of IDs: what a Map says, for IDs of any text.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { idIndex } from '../../src/bundle/store/id-index.js';

const length = (ids: readonly string[]): number => ids.reduce((sum, id) => sum + id.length, 0);

it('says what a Map says, whatever the IDs', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 2 }), fc.constant('\ud800'));
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 60 }), fc.array(text), (ids, others) => {
      const index = idIndex(ids.length, length(ids));
      for (const id of ids) index.add(id);
      const rows = new Map(ids.map((id, row) => [id, row]));
      for (const id of [...ids, ...others]) expect(index.rowOf(id)).toBe(rows.get(id) ?? -1);
    }),
  );
});

it('finds each of many IDs that differ by a digit, and none that was not added', () => {
  const ids = Array.from({ length: 20_000 }, (_, row) => `m${row}`);
  const index = idIndex(ids.length, length(ids));
  for (const id of ids) index.add(id);
  expect(ids.every((id, row) => index.rowOf(id) === row)).toBe(true);
  expect(ids.some((id) => index.rowOf(`${id}x`) !== -1)).toBe(false);
  expect(() => index.add('m')).toThrow('more IDs');
});
