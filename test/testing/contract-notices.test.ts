// The contract can be broken: models with a fault on purpose fail the check that is there for it.
import { expect, it } from 'vitest';
import { makeNode, type Node } from '../../src/graph/ir/node.js';
import { add, mul, sum } from '../../src/graph/ops/algebra.js';
import { reluOp, sqrt } from '../../src/graph/ops/elementwise.js';
import { constant } from '../../src/graph/ops/leaves.js';
import type { Model, ModelDefinition } from '../../src/models/contract/definition.js';
import { deep } from '../../src/models/deep.js';
import { limaml } from '../../src/models/limaml.js';
import { modelContract } from '../../src/testing/model-contract.js';

/** The definition with what it builds changed. */
function broken(definition: ModelDefinition, change: (model: Model) => Partial<Model>): ModelDefinition {
  return {
    ...definition,
    build: (config, inputs) => {
      const model = definition.build(config, inputs);
      return { ...model, ...change(model) };
    },
  };
}

/** The logits with something added to them. */
const plus =
  (more: (logits: Node) => Node) =>
  (model: Model): Partial<Model> => ({
    logits: (...given) => add(model.logits(...given), more(model.logits(...given))),
  });

/** A sum over all axes but the last, kept. */
const overRows = (x: Node): Node =>
  sum(
    x,
    x.shape.slice(0, -1).map((_, axis) => axis),
    true,
  );

/** The vector with something done to its support rows first. */
const supportThrough =
  (change: (support: Parameters<Model['adapts'][0]['vector']>[2]) => typeof support) =>
  (model: Model): Partial<Model> => ({
    adapts: model.adapts.map((part) => ({
      ...part,
      vector: (parameters, task, support, steps) => part.vector(parameters, task, change(support), steps),
    })),
  });

/** A ReLU whose gradient is that of the identity. */
const crooked = { ...reluOp, gradient: [(_node: Node, d: Node): Node => d] };

let calls = 0;

it.each<[string, ModelDefinition, RegExp]>([
  ['names itself otherwise', broken(deep, () => ({ name: 'shallow' })), /is named/],
  ['says it learns otherwise', { ...deep, learns: 'episodes' }, /learns as it says/],
  [
    'adapts two parts',
    broken(limaml, ({ adapts }) => ({ adapts: [...adapts, { ...adapts[0]!, name: 'second' }] })),
    /adapts one part at most/,
  ],
  [
    'adapts a part to items',
    broken(limaml, ({ adapts }) => ({ adapts: adapts.map((part) => ({ ...part, side: 'item' })) })),
    /that to the entity/,
  ],
  [
    'has two parameters of one name',
    broken(deep, ({ parameters }) => ({ parameters: [...parameters, parameters[0]!] })),
    /names every parameter/,
  ],
  [
    'learns nothing',
    broken(deep, (model) => ({
      tables: model.tables.map((table) => ({ ...table, optimizer: 'still' })),
      parameters: model.parameters.map((spec) => ({ ...spec, trained: false })),
      optimizers: {
        ...model.optimizers,
        still: { ...model.optimizers.default, name: 'sgd', learningRate: 1e-12 },
      },
    })),
    /training loss is finite and falls/,
  ],
  [
    'loses its loss',
    broken(
      deep,
      plus((logits) => sqrt(add(mul(logits, logits), constant(-9)))),
    ),
    /finite and falls/,
  ],
  ['looks at other rows', broken(deep, plus(overRows)), /whatever rows stand around/],
  [
    'has a wrong gradient',
    broken(
      deep,
      plus((logits) => makeNode(crooked, [logits])),
    ),
    /finite differences/,
  ],
  [
    'is another one when it is exported',
    broken(
      deep,
      plus((logits) => mul(logits, constant(calls++ % 50))),
    ),
    /exported to files/,
  ],
  [
    'adapts on padding',
    broken(
      limaml,
      supportThrough((support) => ({ ...support, mask: add(mul(support.mask, constant(0)), constant(1)) })),
    ),
    /and padding stand around/,
  ],
  [
    'mixes entities',
    broken(
      limaml,
      supportThrough((support) => ({ ...support, label: overRows(support.label) })),
    ),
    /whatever entities/,
  ],
  [
    'adapts to nothing',
    broken(
      limaml,
      supportThrough((support) => ({ ...support, label: mul(support.label, constant(0)) })),
    ),
    /shuffled support labels/,
  ],
])('a model that %s', async (_what, model, check) => {
  const found = modelContract(model).filter(({ name }) => check.test(name));
  expect(found).toHaveLength(1);
  await expect(found[0]!.run()).rejects.toThrow();
});
