// Numbers can only be held to numbers of the same setup: recipe and data.

import type { Recipe } from '../../config/recipe-schema.js';
import { hashJson } from '../../hash.js';
import type { Expectation } from './expectation.js';
import type { CheckRow } from './judge.js';

type Tree = Readonly<Record<string, unknown>>;

/** What decides the numbers but for the seed, the data and the program. */
export function setupOf({ model, features, training, execution, evaluation }: Recipe): Tree {
  const { workers: _, ...computed } = execution;
  return { model, features, training: { ...training, ...computed }, groupAuc: evaluation.groupAuc };
}

/** Fails when the recipe or the data is not what the expectation was made with, and names what differs. */
export function setupRow(expected: Expectation, setup: Tree, data: string): CheckRow {
  const changed = [
    ...differences(expected.recipe, setup, ''),
    ...(expected.data === data ? [] : [`data ${expected.data.slice(0, 8)} → ${data.slice(0, 8)}`]),
  ];
  const same = hashJson(expected.recipe) === hashJson(setup) && expected.data === data;
  return {
    name: 'recipe and data',
    expected: null,
    found: null,
    delta: null,
    allowed: null,
    power: null,
    verdict: same ? 'pass' : 'changed',
    failed: !same,
    note: same ? 'as expected' : changed.join(', '),
  };
}

function differences(before: unknown, now: unknown, key: string): readonly string[] {
  if (isTree(before) && isTree(now))
    return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) =>
      differences(before[name], now[name], key === '' ? name : `${key}.${name}`),
    );
  return hashJson(before ?? null) === hashJson(now ?? null)
    ? []
    : [`${key} ${shown(before)} → ${shown(now)}`];
}

function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
