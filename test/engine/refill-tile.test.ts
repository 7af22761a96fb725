// Tiles whose numbers take the place of an earlier one's, and those that cannot.
import { describe, expect, it } from 'vitest';
import { isCopied, refillTile } from '../../src/engine/runner/refill-tile.js';
import type { Tile } from '../../src/engine/tiles/tile.js';

/** Two rows of a field of each kind; `from` tells numbers apart. */
const tileOf = (from: number, changed: Partial<Tile> = {}): Tile => ({
  groups: [
    {
      input: 'rows.g',
      group: 'g',
      leading: [2],
      rows: {
        rows: 2,
        fields: [
          { kind: 'categorical', indices: Int32Array.of(from, from + 1) },
          { kind: 'multi', offsets: Int32Array.of(0, from, 3), indices: Int32Array.of(from, 5, 6) },
          { kind: 'numeric', values: Float32Array.of(from, 0.5) },
        ],
      },
    },
  ],
  tensors: {
    label: { data: Float32Array.of(from, 1), shape: [2, 1] },
    window: { data: BigInt64Array.of(BigInt(from)), shape: [1] },
  },
  masks: [{ name: 'deep.0', shape: [2, 4], rate: 0.5 }],
  within: { from: 0, of: 4 },
  dropout: [1, 2, 3, 4],
  ...changed,
});

describe('a tile of the layout of an earlier one', () => {
  it('puts its numbers in the same memory', () => {
    const held = tileOf(1);
    const [column] = held.groups[0]!.rows.fields;
    expect(refillTile(held, tileOf(2))).toBe(true);
    expect(held).toEqual(tileOf(2));
    expect(held.groups[0]!.rows.fields[0]).toBe(column);
  });

  const group = tileOf(2).groups[0]!;
  const { label, window } = tileOf(2).tensors;
  const fields = (...changed: Tile['groups'][number]['rows']['fields']): Partial<Tile> => ({
    groups: [{ ...group, rows: { rows: 2, fields: changed } }],
  });
  const [categorical, multi, numeric] = group.rows.fields as [
    (typeof group.rows.fields)[number],
    (typeof group.rows.fields)[number],
    (typeof group.rows.fields)[number],
  ];
  const others: Readonly<Record<string, Partial<Tile>>> = {
    'another number of rows': { groups: [{ ...group, rows: { ...group.rows, rows: 3 } }] },
    'other leading sizes': { groups: [{ ...group, leading: [1, 2] }] },
    'another input': { groups: [{ ...group, input: 'query.g' }] },
    'another group': { groups: [{ ...group, group: 'h' }] },
    'one group more': { groups: [group, group] },
    'one field less': fields(categorical, multi),
    'fields of other kinds': fields(numeric, multi, categorical),
    'another number of values': fields(
      categorical,
      { kind: 'multi', offsets: Int32Array.of(0, 1, 2), indices: Int32Array.of(1, 2) },
      numeric,
    ),
    'a tensor of another name': { tensors: { weight: label!, window: window! } },
    'a tensor less': { tensors: { label: label! } },
    'a tensor of another type': {
      tensors: { label: label!, window: { data: Float32Array.of(1), shape: [1] } },
    },
    'a tensor of another shape': { tensors: { label: { ...label!, shape: [1, 2] }, window: window! } },
    'no dropout': { dropout: undefined as never },
    'another place in its block': { within: { from: 2, of: 4 } },
    'another mask': { masks: [{ name: 'deep.0', shape: [2, 4], rate: 0.4 }] },
    'no mask': { masks: [] },
    'picked rows': { picked: { x: { values: Float32Array.of(1), rows: Int32Array.of(0), size: 1 } } },
  };

  it.each(Object.entries(others))('is not one with %s, and nothing is copied', (_, changed) => {
    const held = tileOf(1);
    expect(refillTile(held, tileOf(2, changed))).toBe(false);
    expect(held).toEqual(tileOf(1));
  });
});

it('numbers in shared memory are not copied when they are shared, and no others may take their place', () => {
  const data = new Float32Array(new SharedArrayBuffer(8));
  expect(isCopied(tileOf(1))).toBe(true);
  expect(isCopied(tileOf(1, { tensors: { label: { data, shape: [2, 1] } } }))).toBe(false);
  const [group] = tileOf(1).groups;
  const fields = [{ kind: 'numeric', values: data } as const];
  expect(isCopied(tileOf(1, { groups: [{ ...group!, rows: { rows: 2, fields } }] }))).toBe(false);
  const picked = { x: { values: data, rows: Int32Array.of(0), size: 1 } };
  expect(isCopied(tileOf(1, { picked }))).toBe(false);
});
