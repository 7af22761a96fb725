// The registry of splits: what it lists, and that a descriptor's hash does not depend on kinds that it does not use.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { splitKind, splitSchema, statedSplit } from '../../src/prep/descriptor/split.js';
import { SPLIT_KINDS } from '../../src/prep/split-kinds/registry.js';

describe('kinds of split', () => {
  it('have names and fields of their own', () => {
    const names = SPLIT_KINDS.map(({ name }) => name);
    expect(names).toHaveLength(new Set(names).size);
    const fields = SPLIT_KINDS.flatMap((kind) => Object.keys(kind.fields));
    expect(fields).toHaveLength(new Set(fields).size);
    expect(SPLIT_KINDS.length).toBeGreaterThanOrEqual(4);
  });

  it('are found by the name in the descriptor; each takes its defaults', () => {
    for (const { name, fields, overlaps } of SPLIT_KINDS) {
      const split = splitSchema.parse({ kind: name, ...(overlaps === true ? { overlap: 'warn' } : {}) });
      expect(splitKind(split).name).toBe(name);
      expect(split).toMatchObject(z.object(fields).parse({}));
    }
    expect(splitSchema.parse({}).kind).toBe('global-time');
  });

  it('give what prepared format 1 has always held, whatever the kind', () => {
    // This object is part of the hash of every prepared data set.
    const held = {
      test: 0.2,
      valid: 0.1,
      purgeMinutes: 0,
      support: 0.5,
      seed: 1,
      values: { train: ['train'], valid: ['valid'], test: ['test'] },
      overlap: 'stop',
    };
    for (const kind of ['global-time', 'per-entity-time', 'entity-holdout', 'given'] as const)
      expect(splitSchema.parse({ kind })).toEqual({ kind, ...held });
  });

  it('are held to their own rules, and to each other not', () => {
    const faults = (split: object): readonly string[] =>
      splitSchema.safeParse(split).error?.issues.map(({ message }) => message) ?? [];
    expect(faults({ validFrom: 5 })).toEqual(['validFrom and testFrom need each other']);
    expect(faults({ validFrom: 5, testFrom: 5 })).toEqual(['validFrom must be before testFrom']);
    expect(faults({ kind: 'per-entity-time', validFrom: 5 })).toEqual([]);
    expect(faults({ test: 0.5, valid: 0.5 })).toEqual(['test + valid leave no training rows']);
    expect(faults({ unknown: 1 })).toHaveLength(1);
    expect(faults({ kind: 'random' })).toEqual([expect.stringContaining('Say "overlap: warn"')]);
    expect(faults({ kind: 'random', overlap: 'warn' })).toEqual([]);
  });

  it('say whether the log states the split', () => {
    const stated = SPLIT_KINDS.filter(
      ({ name }) => statedSplit(splitSchema.parse({ kind: name, overlap: 'warn' })) !== undefined,
    );
    expect(stated.map(({ name }) => name)).toEqual(['given']);
    expect(statedSplit(splitSchema.parse({ kind: 'given', column: 'part', overlap: 'warn' }))).toEqual({
      column: 'part',
      overlap: 'warn',
      values: { train: ['train'], valid: ['valid'], test: ['test'] },
    });
  });
});
