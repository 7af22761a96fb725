// Cases of the ops that move values, of the sum, and of the leaves.

import { expand, reshape, sum, transpose } from '../../../src/graph/ops/algebra.js';
import { exp } from '../../../src/graph/ops/elementwise.js';
import { concat, pad, slice } from '../../../src/graph/ops/joining.js';
import { tensor } from '../../../src/graph/ops/leaves.js';
import { type OpCase, opCase, shapeOf } from './op-case.js';

const expandCases = [
  ['', 'tasks 2'],
  ['3', '2 3'],
  ['2 1', '2 3'],
  ['1 3', 'tasks support 3'],
  ['tasks 1 2', 'tasks support 2'],
  ['3 2', 'tasks 3 2'],
].map(([from, to]) =>
  opCase('expand', `[${from}] to [${to}]`, [{ shape: from! }], (x) => expand(x, shapeOf(to!))),
);

const sumCases = (
  [
    ['3', [0], false],
    ['2 3', [0], false],
    ['2 3', [1], true],
    ['2 3', [0, 1], false],
    ['tasks support 2', [1], true],
    ['tasks support 2', [0, 1], false],
    ['tasks support 2', [2], false],
    ['tasks support 2', [0, 2], true],
  ] as const
).map(([shape, axes, keep]) =>
  opCase('sum', `[${shape}] over ${axes}${keep ? ', kept' : ''}`, [{ shape }], (x) => sum(x, axes, keep)),
);

const reshapeCases = [
  ['2 3', '6'],
  ['', '1 1'],
  ['tasks 4', 'tasks 2 2'],
  ['tasks support 2', 'tasks*support 2'],
  ['tasks*support 2', 'tasks support 2'],
  ['tasks 2 3', 'tasks*6'],
  ['tasks*2 3', 'tasks*6'],
  ['tasks 1 support', 'tasks support 1'],
].map(([from, to]) =>
  opCase('reshape', `[${from}] to [${to}]`, [{ shape: from! }], (x) => reshape(x, shapeOf(to!))),
);

const transposeCases = ['2 3', 'tasks 3 2', 'tasks support 2', '2 3 2 4'].map((shape) =>
  opCase('transpose', `[${shape}]`, [{ shape }], transpose),
);

const concatCases = [
  opCase('concat', 'two vectors', [{ shape: '2' }, { shape: '3' }], (a, b) => concat([a, b])),
  opCase('concat', 'three', [{ shape: 'rows 1' }, { shape: 'rows 3' }, { shape: 'rows 2' }], (...xs) =>
    concat(xs),
  ),
  opCase('concat', 'rank 3', [{ shape: 'tasks support 2' }, { shape: 'tasks support 1' }], (a, b) =>
    concat([a, b]),
  ),
  opCase('concat', 'one input twice', [{ shape: 'tasks 2' }], (x) => concat([x, exp(x), x])),
];

const sliceCases = (
  [
    ['5', 0, 2],
    ['2 5', 1, 4],
    ['tasks support 4', 2, 4],
    ['tasks 3', 0, 3],
  ] as const
).map(([shape, start, end]) =>
  opCase('slice', `[${shape}] ${start}..${end}`, [{ shape }], (x) => slice(x, start, end)),
);

const padCases = (
  [
    ['2', 1, 0],
    ['2 3', 0, 2],
    ['tasks support 2', 1, 2],
    ['tasks 3', 0, 0],
  ] as const
).map(([shape, before, after]) =>
  opCase('pad', `[${shape}] by ${before} and ${after}`, [{ shape }], (x) => pad(x, before, after)),
);

export const SHAPING_CASES: readonly OpCase[] = [
  opCase('input', 'itself', [{ shape: 'tasks 2' }], (x) => x),
  opCase('constant', 'beside an input', [{ shape: '2' }], () => tensor(Float32Array.of(0.5, -2), [2])),
  ...expandCases,
  ...sumCases,
  ...reshapeCases,
  ...transposeCases,
  ...concatCases,
  ...sliceCases,
  ...padCases,
];
