// Encoding rows from embedding tables, and its adjoint.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeGroup } from '../../src/engine/features/encode-group.js';
import type { GroupRows } from '../../src/engine/features/feature-source.js';
import { scatterGroup } from '../../src/engine/update/scatter-group.js';
import { TableGradient } from '../../src/engine/update/table-gradient.js';
import type { FieldGroup } from '../../src/models/contract/fields.js';

const unused = { name: 'x', kind: 'categorical', size: 3, source: { kind: 'itemId' } } as const;
const group: FieldGroup = {
  name: 'g',
  width: 5,
  dropout: 0,
  fields: [
    { field: unused, table: 'a', dim: 2, offset: 0 },
    { field: { ...unused, kind: 'multi' }, table: 'b', dim: 2, offset: 2 },
    { field: { ...unused, kind: 'numeric' }, table: null, dim: 1, offset: 4 },
  ],
};
const tables = new Map([
  ['a', Float32Array.of(0, 0, 1, 2, 3, 4)],
  ['b', Float32Array.of(0, 0, 10, 20, 30, 40)],
]);
/** Row 0: a[1], the mean of b[1] and b[2], 0.5. Row 1: padding. Row 2: a[2], no value of b, −1. */
const rows: GroupRows = {
  rows: 3,
  fields: [
    { kind: 'categorical', indices: Int32Array.of(1, -1, 2) },
    { kind: 'multi', offsets: Int32Array.of(0, 2, 2, 2), indices: Int32Array.of(1, 2) },
    { kind: 'numeric', values: Float32Array.of(0.5, 0, -1) },
  ],
};

it('places embeddings, means of embeddings and numbers side by side', () => {
  expect([...encodeGroup(group, rows, tables)]).toEqual([1, 2, 20, 30, 0.5, 0, 0, 0, 0, 0, 3, 4, 0, 0, -1]);
});

it('sends gradients back to the rows that were gathered, and to no others', () => {
  const gradients = new Map([
    ['a', new TableGradient(2)],
    ['b', new TableGradient(2)],
  ]);
  scatterGroup(
    group,
    rows,
    Float32Array.from({ length: 15 }, (_, i) => i + 1),
    gradients,
  );
  const read = (name: string) => {
    const { touched, count, values, dim } = gradients.get(name)!;
    return [...touched.subarray(0, count)].map((row, i) => [row, ...values.subarray(i * dim, (i + 1) * dim)]);
  };
  // The padding row's gradients 6..10 go nowhere.
  expect(read('a')).toEqual([
    [1, 1, 2],
    [2, 11, 12],
  ]);
  expect(read('b')).toEqual([
    [1, 1.5, 2],
    [2, 1.5, 2],
  ]);
});

it('is the adjoint of encoding: ⟨encode(tables), d⟩ = ⟨tables, scatter(d)⟩', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.integer({ min: -1, max: 2 }), fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 })),
        {
          minLength: 1,
          maxLength: 6,
        },
      ),
      fc.infiniteStream(fc.integer({ min: -8, max: 8 })),
      (content, numbers) => {
        const n = content.length;
        const offsets = new Int32Array(n + 1);
        content.forEach(([, values], i) => {
          offsets[i + 1] = offsets[i]! + values.length;
        });
        const some: GroupRows = {
          rows: n,
          fields: [
            { kind: 'categorical', indices: Int32Array.from(content, ([a]) => a) },
            { kind: 'multi', offsets, indices: Int32Array.from(content.flatMap(([, values]) => values)) },
            { kind: 'numeric', values: new Float32Array(n) },
          ],
        };
        const d = Float32Array.from({ length: 5 * n }, () => numbers.next().value!);
        const left = encodeGroup(group, some, tables).reduce((sum, x, i) => sum + x * d[i]!, 0);
        const gradients = new Map([...tables.keys()].map((name) => [name, new TableGradient(2)]));
        scatterGroup(group, some, d, gradients);
        let right = 0;
        for (const [name, { touched, count, values }] of gradients)
          for (let i = 0; i < 2 * count; i++)
            right += values[i]! * tables.get(name)![2 * touched[i >> 1]! + (i & 1)]!;
        expect(right).toBeCloseTo(left, 2);
      },
    ),
  );
});

it('forgets a batch before the next', () => {
  const gradient = new TableGradient(1);
  for (let row = 4999; row >= 0; row--) {
    const at = gradient.place(row);
    gradient.values[at] = 1;
  }
  expect(gradient.count).toBe(5000);
  gradient.clear();
  const at = gradient.place(17);
  expect(gradient.values[at]).toBe(0);
  expect([...gradient.touched.subarray(0, gradient.count)]).toEqual([17]);
});
