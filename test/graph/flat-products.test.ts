// Products of stacked rows written flat for the run: the same bits from ONNX Runtime, in fewer passes.
import { describe, expect, it } from 'vitest';
import { adaptProgram, trainingProgram } from '../../src/engine/programs/programs.js';
import { flatProducts } from '../../src/graph/flat-products.js';
import { type Node, topologicalOrder } from '../../src/graph/ir/node.js';
import { programInputs } from '../../src/graph/onnx/model.js';
import { add, matmul, mul, sum } from '../../src/graph/ops/algebra.js';
import { relu } from '../../src/graph/ops/elementwise.js';
import { constant, input } from '../../src/graph/ops/leaves.js';
import { entityPart } from '../../src/models/contract/definition.js';
import { randomStream } from '../../src/random.js';
import { onnxruntime } from '../../src/runtime/onnxruntime.js';
import { toFeeds } from '../runtime/programs.js';
import { MODEL_CASES } from './model-fixture.js';

type Outputs = Readonly<Record<string, Node>>;

/** The bits of every output. */
async function bitsOf(outputs: Outputs, feeds: Parameters<typeof toFeeds>[1]): Promise<unknown> {
  const compiled = await onnxruntime.compile({ outputs });
  const results = await compiled.run(toFeeds(programInputs({ outputs }), feeds));
  await compiled.dispose();
  return Object.entries(results).map(([name, { data, shape }]) => [
    name,
    shape,
    [...new Uint32Array((data as Float32Array).slice().buffer)],
  ]);
}

/** Sums and rectified values of more than two axes. */
const stacked = (outputs: Outputs): number =>
  topologicalOrder(Object.values(outputs)).filter(
    ({ op, shape }) => (op.name === 'add' || op.name === 'relu') && shape.length > 2,
  ).length;

describe('two layers over the rows of all tasks', () => {
  const layers = (terms: number): Outputs => {
    const x = input('x', ['tasks', 'support', terms]);
    const hidden = relu(add(matmul(x, input('w0', [terms, 7])), input('b0', [1, 7])));
    return { out: add(matmul(hidden, input('w1', [7, 1])), input('b1', [1, 1])) };
  };
  const feedsOf = (terms: number) => {
    const stream = randomStream(1, 'layers');
    const shapes = { x: [3, 5, terms], w0: [terms, 7], b0: [1, 7], w1: [7, 1], b1: [1, 1] };
    return Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const size = shape.reduce((a, b) => a * b, 1);
        return [name, { shape, data: Float64Array.from({ length: size }, () => stream.normal()) }];
      }),
    );
  };

  it('have no pass over stacked rows left, and give the same bits', async () => {
    const plain = layers(128);
    expect([stacked(plain), stacked(flatProducts(plain))]).toEqual([3, 0]);
    expect(await bitsOf(flatProducts(plain), feedsOf(128))).toEqual(await bitsOf(plain, feedsOf(128)));
  });

  it('stay as they are where the runtime would sum in another order', async () => {
    expect(stacked(flatProducts(layers(129)))).toBe(2);
    expect(await bitsOf(flatProducts(layers(129)), feedsOf(129))).toEqual(
      await bitsOf(layers(129), feedsOf(129)),
    );
  });

  it('stay as they are where a product is asked for without its bias too, or there is one row a task', () => {
    const product = matmul(input('x', ['tasks', 'support', 4]), input('w', [4, 2]));
    const shared = { all: add(product, input('b', [1, 2])), alone: sum(mul(product, constant(2)), [1]) };
    expect(flatProducts(shared)).toEqual(shared);
    const single = { out: add(matmul(input('x', ['tasks', 1, 4]), input('w', [4, 2])), input('b', [1, 2])) };
    expect(flatProducts(single)['out']).toBe(single.out);
  });
});

/** One a model, with few inner steps. */
const FEW_STEPS = MODEL_CASES.filter(({ model }) => (entityPart(model)?.trainSteps ?? 1) < 5);
const CASES = [...new Map(FEW_STEPS.map((test) => [test.name, test]))];

it('is held by every recorded model', () => {
  expect(CASES.length).toBe(new Set(MODEL_CASES.map(({ name }) => name)).size);
});

describe.each(CASES)('%s', (_name, { model, feeds }) => {
  it('trains and adapts with the same bits', async () => {
    const programs = [trainingProgram(model), ...(model.adapts.length > 0 ? [adaptProgram(model)] : [])];
    for (const { outputs } of programs)
      expect(await bitsOf(flatProducts(outputs), feeds)).toEqual(await bitsOf(outputs, feeds));
  });
});
