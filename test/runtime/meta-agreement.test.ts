// A whole MAML step gives the same numbers on every executor, and one compiled program serves every size.

import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/graph/differentiate.js';
import type { Node } from '../../src/graph/ir/node.js';
import { programInputs } from '../../src/graph/onnx/model.js';
import { detach } from '../../src/graph/ops/elementwise.js';
import { randomStream } from '../../src/random.js';
import { type Values, value } from '../../src/testing/float64/value.js';
import { META_FEEDS, META_FIXTURE, maskOf, PARAMETER_SHAPES } from '../graph/meta-fixture.js';
import { type Activation, metaNetwork } from '../graph/meta-network.js';
import { EXECUTORS } from './executors.js';
import { AGREEMENT, checkedProgram, errorOf, toFeeds } from './programs.js';

/** The outer loss and its gradient by every parameter that it depends on. */
function metaStep(activation: Activation, steps: number, firstOrder: boolean): Record<string, Node> {
  const { loss } = metaNetwork(PARAMETER_SHAPES, {
    activation,
    steps,
    shrinkage: META_FIXTURE.shrinkage,
    inner: firstOrder ? detach : (gradient) => gradient,
  });
  const inputs = programInputs({ outputs: { loss } });
  const names = Object.keys(PARAMETER_SHAPES).filter((name) => inputs.has(name));
  const gradients = differentiate(
    loss,
    names.map((name) => inputs.get(name)!),
  );
  return { loss, ...Object.fromEntries(names.map((name, i) => [`d.${name}`, gradients[i]!])) };
}

/** Feeds of other sizes than the fixture's: the same parameters, drawn rows, supports of every length up to `support`. */
function feedsOf(tasks: number, support: number, query: number): Values {
  const stream = randomStream(3, 'sizes', tasks, support, query);
  const rows = (side: 'support' | 'query', length: number): [string, Values[string]][] =>
    (['x', 'g', 'y'] as const).map((part) => {
      const shape = [tasks, length, META_FIXTURE.rows[side][part].shape[2]!];
      const count = shape.reduce((product, size) => product * size, 1);
      const draw = (): number =>
        part === 'y' ? Number(stream.uniform() < 0.5) : Math.fround(stream.normal());
      return [`${side}.${part}`, value(Array.from({ length: count }, draw), shape)];
    });
  const counts = Array.from({ length: tasks }, (_, task) => task % (support + 1));
  return {
    ...META_FEEDS,
    ...Object.fromEntries([...rows('support', support), ...rows('query', query)]),
    'support.mask': maskOf(counts, support),
    'query.mask': maskOf(new Array<number>(tasks).fill(query), query),
  };
}

describe.each(EXECUTORS.map((executor) => [executor.name, executor] as const))('%s', (_name, executor) => {
  it.each(META_FIXTURE.cases.map((test) => [test.activation, test.steps, test.order] as const))(
    'runs the meta-step with %s, %i steps, %s order',
    async (activation, steps, order) => {
      const outputs = metaStep(activation, steps, order === 'first');
      expect(await errorOf(executor, outputs, META_FEEDS)).toBeLessThan(AGREEMENT);
    },
  );

  it('serves any number of tasks, support and query rows with one compiled program', async () => {
    const checked = checkedProgram(metaStep('relu', 2, false));
    const compiled = await executor.compile(checked.program);
    const sizes = [
      [1, 1, 1],
      [3, 4, 3],
      [7, 2, 5],
      [2, 9, 1],
      [1, 1, 6],
      [3, 4, 3],
    ] as const;
    for (const [tasks, support, query] of sizes)
      expect(await checked.error(compiled, feedsOf(tasks, support, query))).toBeLessThan(AGREEMENT);
    await compiled.dispose();
  });

  it('gives the same bytes twice', async () => {
    const { program } = checkedProgram(metaStep('softplus', 2, false));
    const compiled = await executor.compile(program);
    const feeds = toFeeds(programInputs(program), feedsOf(5, 4, 3));
    const run = () => compiled.run(feeds);
    const [first, second] = [await run(), await run()];
    expect(Object.keys(first).length).toBe(10);
    expect(second).toEqual(first);
    await compiled.dispose();
  });
});
