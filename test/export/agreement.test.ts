// What a check of an export lets pass: rounding of all, a kink of few within bounds, and nothing else.
import { describe, expect, it } from 'vitest';
import { agreements, agrees, kinksOf } from '../../src/export/agreement.js';

/** Differences of `count` entities: 1e-7 each, but for those given. */
const found = (count: number, larger: Readonly<Record<number, number>> = {}) => {
  const all = agreements();
  for (let n = 0; n < count; n++) {
    all.add(`m${n}`, 1e-7);
    all.add(`m${n}`, -(larger[n] ?? 0));
  }
  return all.result();
};

describe('two computations', () => {
  it('agree within rounding', () => {
    expect(found(3)).toEqual({ entities: 3, apart: 0, largest: 1e-7, worst: 'm0' });
    expect(agrees('vector', found(3))).toBe(true);
    expect(kinksOf(found(3))).toBeNull();
    expect(agrees('vector', agreements().result())).toBe(true);
  });

  it('agree where one entity in a thousand sits on a kink, and name it', () => {
    const one = found(3813, { 7: 1.5e-3 });
    expect(one).toMatchObject({ apart: 1, largest: 1.5e-3, worst: 'm7' });
    expect(agrees('vector', one)).toBe(true);
    expect(kinksOf(one)).toEqual({ entities: 1, furthest: 'm7' });
    // Three of 3,813 is one in a thousand; four are more.
    expect(agrees('vector', found(3813, { 1: 1e-4, 2: 1e-4, 3: 1e-4 }))).toBe(true);
    expect(agrees('vector', found(3813, { 1: 1e-4, 2: 1e-4, 3: 1e-4, 4: 1e-4 }))).toBe(false);
    expect(agrees('vector', found(20, { 1: 1e-4, 2: 1e-4 }))).toBe(false);
  });

  it('do not agree past the bound of a kink, or where something is no number', () => {
    expect(agrees('vector', found(3813, { 7: 2e-2 }))).toBe(false);
    expect(agrees('probability', found(3813, { 7: 2e-3 }))).toBe(false);
    expect(found(10, { 4: Number.NaN })).toMatchObject({ apart: 1, worst: 'm4' });
    expect(agrees('vector', found(10, { 4: Number.NaN }))).toBe(false);
  });
});
