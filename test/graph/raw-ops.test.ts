// Ops that read raw values: their numbers by hand on ONNX Runtime, and that nothing flows back through them.

import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/graph/differentiate.js';
import type { Node } from '../../src/graph/ir/node.js';
import { input } from '../../src/graph/ops/leaves.js';
import { bucket, fold, known, rowsBefore, standardise, vocabulary } from '../../src/graph/ops/raw.js';
import { OPS, RAW_OPS } from '../../src/graph/ops/table.js';
import type { Feeds, Tensor } from '../../src/runtime/executor.js';
import { onnxruntime } from '../../src/runtime/onnxruntime.js';
import { tfjs } from '../../src/runtime/tfjs.js';

const texts = (...data: string[]): Tensor => ({ data, shape: [data.length] });
const numbers = (...data: number[]): Tensor => ({ data: Float64Array.from(data), shape: [data.length] });
const integers = (...data: number[]): Tensor => ({
  data: BigInt64Array.from(data, BigInt),
  shape: [data.length],
});

const text = input('x', ['rows'], 'string');
const number = input('x', ['rows'], 'float64');
const index = input('x', ['rows'], 'int64');
const plain = { log: false, mean: 0, deviation: 1 };

interface RawCase {
  readonly label: string;
  readonly node: Node;
  readonly feeds: Feeds;
  readonly expected: readonly number[];
}

const day = 86_400_000;
const CASES: readonly RawCase[] = [
  {
    label: 'a text has its index, any other 0',
    node: vocabulary(text, ['b', 'a', 'ü\n"'], [2, 1, 7]),
    feeds: { x: texts('a', 'b', 'c', '', 'ü\n"', 'A') },
    expected: [1, 2, 0, 0, 7, 0],
  },
  {
    label: 'no text is known',
    node: vocabulary(text, [], []),
    feeds: { x: texts('a', '') },
    expected: [0, 0],
  },
  {
    label: 'the bucket counts the edges below; nothing for what is no number',
    node: bucket(number, [1, 2.5, 2.6]),
    feeds: { x: numbers(0.5, 1, 1.5, 2.5, 2.55, 100, Number.NaN, Number.POSITIVE_INFINITY, -1e300) },
    expected: [1, 1, 2, 2, 3, 4, 0, 0, 1],
  },
  {
    label: 'edges are told apart in float64',
    node: bucket(number, [0.1]),
    feeds: { x: numbers(0.1, 0.1 + 1e-12) },
    expected: [1, 2],
  },
  { label: 'no edges', node: bucket(number, []), feeds: { x: numbers(3, Number.NaN) }, expected: [1, 0] },
  {
    label: 'mean and deviation; 0 for what is no number',
    node: standardise(number, { log: false, mean: 10, deviation: 4 }),
    feeds: { x: numbers(10, 12, 2, Number.NaN, Number.NEGATIVE_INFINITY) },
    expected: [0, 0.5, -2, 0, 0],
  },
  {
    label: 'large numbers keep their small differences',
    node: standardise(number, { log: false, mean: 20_000 * day, deviation: day }),
    feeds: { x: numbers(20_000 * day + 1000, 20_001 * day) },
    expected: [Math.fround(1000 / day), 1],
  },
  {
    label: 'the logarithm keeps the sign',
    node: standardise(number, { ...plain, log: true }),
    feeds: { x: numbers(Math.E - 1, 1 - Math.E, 0) },
    expected: [1, -1, 0],
  },
  {
    label: 'a cross product is folded',
    node: fold(index, input('right', ['rows'], 'int64'), 5, 7),
    feeds: { x: integers(0, 1, 3), right: integers(0, 2, 4) },
    expected: [0, 0, 5],
  },
  {
    label: 'a cross product past 32 bits',
    node: fold(index, input('right', ['rows'], 'int64'), 3_000_000, 1_000_003),
    feeds: { x: integers(5_000_000), right: integers(2_999_999) },
    expected: [Number((5_000_000n * 3_000_000n + 2_999_999n) % 1_000_003n)],
  },
  { label: 'known is above 0', node: known(index), feeds: { x: integers(0, 1, 9) }, expected: [0, 1, 1] },
  {
    label: 'rows before in each task',
    node: rowsBefore(input('x', ['tasks', 'support', 1])),
    feeds: { x: { data: Float32Array.of(1, 1, 1, 1, 0, 0), shape: [2, 3, 1] } },
    expected: [0, 1, 2, 0, 1, 1],
  },
];

describe('raw ops', () => {
  it('are apart from those of models, and each has a case', () => {
    expect(new Set(CASES.map(({ node }) => node.op))).toEqual(new Set(RAW_OPS));
    expect(RAW_OPS.length).toBe(6);
    expect(RAW_OPS.filter((op) => OPS.includes(op))).toEqual([]);
  });

  it.each(CASES.map((test) => [test.node.op.name, test.label, test] as const))(
    '%s: %s',
    async (_op, _label, { node, feeds, expected }) => {
      const compiled = await onnxruntime.compile({ outputs: { y: node } });
      const { y } = await compiled.run(feeds);
      await compiled.dispose();
      expect(Array.from(y!.data as ArrayLike<number | bigint>, Number)).toEqual(expected.map((x) => x + 0));
    },
  );

  it.each(RAW_OPS.map((op) => [op.name, op] as const))('%s lets nothing flow back', (_name, op) => {
    expect(op.gradient).not.toContainEqual(expect.any(Function));
  });

  it('gives a gradient of zero by what it was computed from', () => {
    const mask = input('x', ['tasks', 'support', 1]);
    const [gradient] = differentiate(rowsBefore(mask), [mask]);
    expect(gradient!.shape).toEqual(mask.shape);
    expect(gradient!.op.name).toBe('mul');
  });

  it.each(
    CASES.filter(({ node }) => node.inputs[0]!.dtype !== 'float64').map((test) => [test.node.op.name, test]),
  )('%s is refused by tfjs', async (name, test) => {
    const { node, feeds } = test as RawCase;
    const compiled = await tfjs.compile({ outputs: { y: node } });
    await expect(compiled.run(feeds)).rejects.toThrow(`"${name}" reads raw values`);
  });

  it('takes no other type of input', () => {
    expect(() => vocabulary(number, [], [])).toThrow('vocabulary takes string, not float64');
    expect(() => bucket(index, [])).toThrow('bucket takes float64, not int64');
    expect(() => fold(index, number, 2, 2)).toThrow('fold takes two int64');
    expect(() => vocabulary(text, ['a'], [])).toThrow('1 keys for 0 indexes');
  });
});
