// Encoding rows from embedding tables, and its adjoint.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeGroup } from '../../src/engine/features/encode-group.js';
import type { GroupRows } from '../../src/engine/features/feature-source.js';
import type { Tile } from '../../src/engine/tiles/tile.js';
import { RowSums } from '../../src/engine/update/row-sums.js';
import { TouchedRows } from '../../src/engine/update/touched-rows.js';
import type { FieldGroup } from '../../src/models/contract/fields.js';
import { randomStream } from '../../src/random.js';

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

/** Touched rows of a table of two columns, each with its sum, of one tile or several with the same gradient. */
function summed(table: string, tiles: readonly GroupRows[], d: Float32Array, layout = group): number[][] {
  const sums = new RowSums(new Map([['g', layout]]));
  const tileOf = (of: GroupRows): Tile => ({
    groups: [{ input: 'rows.g', group: 'g', leading: [of.rows], rows: of }],
    tensors: {},
  });
  sums.hold(
    tiles.map(tileOf),
    tiles.map(() => ({ 'rows.g': d })),
  );
  const touched = new TouchedRows();
  const found = sums.of(table, touched);
  const dim = found.length / touched.count;
  return [...touched.rows.subarray(0, touched.count)].map((row, i) => [
    row,
    ...found.subarray(i * dim, (i + 1) * dim),
  ]);
}

it('places embeddings, means of embeddings and numbers side by side', () => {
  expect([...encodeGroup(group, rows, tables)]).toEqual([1, 2, 20, 30, 0.5, 0, 0, 0, 0, 0, 3, 4, 0, 0, -1]);
});

it('is the same whatever the memory held', () => {
  const layouts: readonly (readonly [FieldGroup, GroupRows])[] = [
    [group, rows],
    // One with nothing but single values, and one with a column that is no field's.
    [
      { ...group, width: 2, fields: group.fields.slice(0, 1) },
      { rows: 3, fields: rows.fields.slice(0, 1) },
    ],
    [
      { ...group, width: 4, fields: group.fields.slice(0, 1) },
      { rows: 3, fields: rows.fields.slice(0, 1) },
    ],
  ];
  for (const [layout, some] of layouts) {
    const rubbish = new Float32Array(3 * layout.width).fill(7);
    expect(encodeGroup(layout, some, tables, rubbish)).toEqual(encodeGroup(layout, some, tables));
  }
});

it('sends gradients back to the rows that were gathered, and to no others', () => {
  const d = Float32Array.from({ length: 15 }, (_, i) => i + 1);
  // The padding row's gradients 6..10 go nowhere.
  expect(summed('a', [rows], d)).toEqual([
    [1, 1, 2],
    [2, 11, 12],
  ]);
  expect(summed('b', [rows], d)).toEqual([
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
        let right = 0;
        for (const [name, table] of tables)
          for (const [row, ...sum] of summed(name, [some], d))
            sum.forEach((x, column) => {
              right += x * table[2 * row! + column]!;
            });
        expect(right).toBeCloseTo(left, 2);
      },
    ),
  );
});

it('sums rows of any length as JavaScript does, tile after tile, and starts anew with every batch', () => {
  const stream = randomStream(3, 'sums');
  for (const dim of [1, 3, 4, 7, 16, 18]) {
    const field = { field: { ...unused, size: 40 }, table: 'a', dim, offset: 2 };
    const layout: FieldGroup = { ...group, fields: [field], width: dim + 3 };
    // Enough rows that the memory grows from what it starts with.
    const count = 30_000;
    const some = (): GroupRows => ({
      rows: count,
      fields: [
        { kind: 'categorical', indices: Int32Array.from({ length: count }, () => stream.integer(41) - 1) },
      ],
    });
    const tiles = [some(), some()];
    const d = Float32Array.from({ length: count * layout.width }, () => stream.normal());
    const expected = new Map<number, Float32Array>();
    for (const { fields } of tiles)
      (fields[0] as { indices: Int32Array }).indices.forEach((row, i) => {
        if (row < 0) return;
        const sum = expected.get(row) ?? new Float32Array(dim);
        for (let c = 0; c < dim; c++) sum[c]! += d[i * layout.width + 2 + c]!;
        expected.set(row, sum);
      });
    expect(summed('a', tiles, d, layout)).toEqual([...expected].map(([row, sum]) => [row, ...sum]));
  }
});

it('forgets a batch before the next', () => {
  const touched = new TouchedRows();
  for (let row = 4999; row >= 0; row--) expect(touched.place(row)).toBe(4999 - row);
  expect(touched.count).toBe(5000);
  expect([touched.has(4999), touched.has(5000)]).toEqual([true, false]);
  touched.clear();
  expect(touched.has(4999)).toBe(false);
  expect(touched.place(17)).toBe(0);
  expect([...touched.rows.subarray(0, touched.count)]).toEqual([17]);
});
