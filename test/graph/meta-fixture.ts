// The recorded PyTorch meta-gradients, as feeds of the network in meta-network.ts.
import { readFileSync } from 'node:fs';
import { type Value, type Values, value } from '../../src/testing/float64/value.js';
import type { Activation, ParameterShapes } from './meta-network.js';

interface Recorded {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface MetaFixture {
  readonly source: string;
  readonly shrinkage: number;
  readonly supportCounts: readonly number[];
  readonly queryCounts: readonly number[];
  readonly parameters: Readonly<Record<string, Recorded>>;
  readonly rows: Readonly<Record<'support' | 'query', Readonly<Record<'x' | 'g' | 'y', Recorded>>>>;
  readonly cases: readonly {
    readonly activation: Activation;
    readonly steps: number;
    readonly order: 'first' | 'second';
    readonly loss: number;
    readonly gradients: Readonly<Record<string, readonly number[]>>;
  }[];
}

export const META_FIXTURE: MetaFixture = JSON.parse(
  readFileSync(new URL('../fixtures/graph/meta-gradients.json', import.meta.url), 'utf8'),
);

export const PARAMETER_SHAPES: ParameterShapes = Object.fromEntries(
  Object.entries(META_FIXTURE.parameters).map(([name, { shape }]) => [name, shape]),
);

/** 1 for the first `counts[task]` rows of a task, 0 for the rest: [tasks, rows, 1]. */
export function maskOf(counts: readonly number[], rows: number): Value {
  return value(
    counts.flatMap((count) => Array.from({ length: rows }, (_, row) => (row < count ? 1 : 0))),
    [counts.length, rows, 1],
  );
}

/** Everything the network is fed. Padded rows hold numbers too: that they do not count is the masks' doing. */
export const META_FEEDS: Values = Object.fromEntries([
  ...Object.entries(META_FIXTURE.parameters).map(([name, { data, shape }]) => [name, value(data, shape)]),
  ...Object.entries(META_FIXTURE.rows).flatMap(([side, parts]) =>
    Object.entries(parts).map(([part, { data, shape }]) => [`${side}.${part}`, value(data, shape)]),
  ),
  ['support.mask', maskOf(META_FIXTURE.supportCounts, META_FIXTURE.rows.support.x.shape[1]!)],
  ['query.mask', maskOf(META_FIXTURE.queryCounts, META_FIXTURE.rows.query.x.shape[1]!)],
]);
