// Cases of the matrix product and of the table look-ups.
import { matmul, transpose } from '../../../src/graph/ops/algebra.js';
import { gather, scatterAdd } from '../../../src/graph/ops/lookup.js';
import { type OpCase, opCase } from './op-case.js';

const matmulCases = [
  ['2 3', '3 4'],
  ['1 1', '1 1'],
  ['rows 3', '3 2'],
  ['tasks 2 3', 'tasks 3 2'],
  ['tasks support 3', '3 2'],
  ['2 3', 'tasks 3 2'],
  ['tasks support 3', '1 3 2'],
  ['tasks 2 support', 'tasks support 2'],
  ['2 1 2 3', '1 3 3 2'],
  ['tasks 3 2 2', '3 2 2'],
  ['tasks 3 2 2', 'tasks 1 2 2'],
].map(([a, b]) => opCase('matmul', `[${a}] by [${b}]`, [{ shape: a! }, { shape: b! }], matmul));

const gatherCases = [
  ['4 2', '3'],
  ['4 2', ''],
  ['4 3', 'tasks support'],
  ['rows 2', 'tasks'],
  ['4', 'tasks'],
  ['4 2 3', 'tasks'],
].map(([table, indices]) =>
  opCase(
    'gather',
    `[${table}] at [${indices}]`,
    [{ shape: table! }, { shape: indices!, domain: { below: 4 } }],
    gather,
  ),
);

const scatterCases = (
  [
    ['3 2', '3', 4],
    ['2', '', 4],
    ['tasks support 2', 'tasks support', 4],
    ['tasks 2', 'tasks', 5],
    ['support', 'support', 4],
    ['tasks 2 3', 'tasks', 4],
  ] as const
).map(([values, indices, size]) =>
  opCase(
    'scatterAdd',
    `[${values}] at [${indices}] of ${size}`,
    [{ shape: values }, { shape: indices, domain: { below: 4 } }],
    (x, at) => scatterAdd(x, at, size),
  ),
);

export const PRODUCT_CASES: readonly OpCase[] = [
  ...matmulCases,
  opCase('matmul', 'with its own transpose', [{ shape: 'tasks 2 3' }], (x) => matmul(x, transpose(x))),
  ...gatherCases,
  ...scatterCases,
];
