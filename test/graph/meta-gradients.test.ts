// Meta-gradients of small two-block networks: against PyTorch autograd and against finite differences, both in float64.

import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/graph/differentiate.js';
import type { Node } from '../../src/graph/ir/node.js';
import { programInputs } from '../../src/graph/onnx/model.js';
import { detach } from '../../src/graph/ops/elementwise.js';
import { input } from '../../src/graph/ops/leaves.js';
import { finiteDifferences, relativeError } from '../../src/testing/float64/finite-differences.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { type Values, value } from '../../src/testing/float64/value.js';
import { META_FEEDS, META_FIXTURE, PARAMETER_SHAPES } from './meta-fixture.js';
import {
  ACTIVATIONS,
  ADAPTED,
  type MetaNetwork,
  type MetaNetworkOptions,
  metaNetwork,
} from './meta-network.js';

const NAMES = Object.keys(PARAMETER_SHAPES);
/** Small enough that no unit's kink lies within two steps, large enough for nine digits. */
const STEP = 1e-5;

type Case = (typeof META_FIXTURE.cases)[number];

function networkOf({ activation, steps, order }: Case, inner?: MetaNetworkOptions['inner']): MetaNetwork {
  const seen = inner ?? ((gradient) => (order === 'first' ? detach(gradient) : gradient));
  return metaNetwork(PARAMETER_SHAPES, { activation, steps, shrinkage: META_FIXTURE.shrinkage, inner: seen });
}

function parameterGradients(loss: Node): Node[] {
  const inputs = programInputs({ outputs: { loss } });
  return differentiate(
    loss,
    NAMES.map((name) => inputs.get(name) ?? input(name, PARAMETER_SHAPES[name]!)),
  );
}

describe.each(
  META_FIXTURE.cases.map(
    (test) => [`${test.activation}, ${test.steps} steps, ${test.order} order`, test] as const,
  ),
)('%s', (_label, test) => {
  const network = networkOf(test);
  const found = interpret([network.loss, ...parameterGradients(network.loss)], META_FEEDS);

  it('has the loss and the meta-gradients that PyTorch has', () => {
    expect(found[0]!.data[0]).toBeCloseTo(test.loss, 13);
    NAMES.forEach((name, i) => {
      const recorded = value(test.gradients[name]!, PARAMETER_SHAPES[name]!);
      expect(relativeError(found[i + 1]!, recorded)).toBeLessThan(1e-12);
    });
  });

  it('has the meta-gradients that finite differences give', () => {
    // First order is the derivative of a loss whose inner gradients are held at the numbers they have.
    const held =
      test.order === 'first' ? heldGradients(test, network) : { loss: network.loss, feeds: META_FEEDS };
    const expected = finiteDifferences(held.loss, usedNames(held.loss), held.feeds, {}, STEP);
    usedNames(held.loss).forEach((name, i) => {
      expect(relativeError(found[NAMES.indexOf(name) + 1]!, expected[i]!)).toBeLessThan(1e-7);
    });
  });
});

/** The parameters that a loss is computed from; without inner steps the rate is not one. */
function usedNames(loss: Node): string[] {
  const inputs = programInputs({ outputs: { loss } });
  return NAMES.filter((name) => inputs.has(name));
}

/** The same loss with its inner gradients as fed inputs, and the feeds that have their present numbers. */
function heldGradients(test: Case, network: MetaNetwork): { loss: Node; feeds: Values } {
  const flat = network.innerGradients.flat();
  const values = interpret(flat, META_FEEDS);
  const held = networkOf(test, (gradient, step, index) => input(`held.${step}.${index}`, gradient.shape));
  const feeds = flat.map((_, i) => [
    `held.${Math.floor(i / ADAPTED.length)}.${i % ADAPTED.length}`,
    values[i]!,
  ]);
  return { loss: held.loss, feeds: { ...META_FEEDS, ...Object.fromEntries(feeds) } };
}

describe('the recorded cases', () => {
  it('are every activation with 0, 1 and 5 steps at both orders, and ragged supports', () => {
    const kinds = META_FIXTURE.cases.map((test) => `${test.activation} ${test.steps} ${test.order}`);
    expect(new Set(kinds).size).toBe(Object.keys(ACTIVATIONS).length * 3 * 2);
    expect(META_FIXTURE.cases.length).toBe(24);
    expect(META_FIXTURE.supportCounts).toEqual([4, 0, 2]);
  });

  it('differ between the orders, so that each is told from the other', () => {
    for (const { activation } of META_FIXTURE.cases.filter((test) => test.steps === 1)) {
      const [first, second] = (['first', 'second'] as const).map(
        (order) =>
          META_FIXTURE.cases.find((c) => c.activation === activation && c.steps === 1 && c.order === order)!,
      );
      const difference = relativeError(
        value(first!.gradients['w0']!, PARAMETER_SHAPES['w0']!),
        value(second!.gradients['w0']!, PARAMETER_SHAPES['w0']!),
      );
      expect(difference).toBeGreaterThan(1e-4);
    }
  });
});
