// The cross network's arithmetic, by hand.
import { describe, expect, it } from 'vitest';
import { scoringProgram } from '../../src/engine/programs/programs.js';
import type { ModelInputs } from '../../src/models/contract/definition.js';
import { featureField } from '../../src/models/contract/fields.js';
import { dcnv2 } from '../../src/models/dcnv2.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { value } from '../../src/testing/float64/value.js';

const transform = { log: false, mean: 0, deviation: 1, missing: 0 } as const;
const INPUTS: ModelInputs = {
  entityId: { name: 'entity', kind: 'categorical', size: 3, source: { kind: 'entityId' } },
  itemId: { name: 'item', kind: 'categorical', size: 3, source: { kind: 'itemId' } },
  entity: [],
  item: [featureField({ name: 'price', side: 'item', kind: 'numeric', transform })],
  event: [],
};

/** The item's embedding and price, x₀ = (2, 3), through x₁ = x₀ ⊙ (x₀·W + b) + x₀ with x₀·W + b = (2·1 + 3·0 + 1, 2·0 + 3·1 − 1). */
const CROSSED = [2 * 3 + 2, 3 * 2 + 3];

const logit = (options: object, weights: readonly number[]): number => {
  const config = dcnv2.config.parse({
    embedding: { size: 1 },
    entityId: false,
    cross: 1,
    hidden: [],
    ...options,
  });
  const { outputs } = scoringProgram(dcnv2.build(config, INPUTS));
  const feeds = {
    'rows.cross': value([2, 3], [1, 2]),
    'cross.w0': value([1, 0, 0, 1], [2, 2]),
    'cross.b0': value([1, -1], [1, 2]),
    'cross.w1': value([1, 0, 0, 1], [2, 2]),
    'cross.b1': value([0, 0], [1, 2]),
    'deep.w0': value([1, -1, 0, 0], [2, 2]),
    'deep.b0': value([0, 0], [1, 2]),
    'out.w': value(weights, [weights.length, 1]),
    'out.b': value([0.5], [1, 1]),
  };
  return interpret([outputs['logit']!], feeds)[0]!.data[0]!;
};

describe('the cross network', () => {
  it('multiplies the features with what they were, and adds them', () => {
    expect(logit({ structure: 'stacked' }, [1, 10])).toBe(CROSSED[0]! + 10 * CROSSED[1]! + 0.5);
  });

  it('gives each layer what the one before it gave: x₂ = x₀ ⊙ x₁ + x₁', () => {
    const [a, b] = CROSSED as [number, number];
    expect(logit({ structure: 'stacked', cross: 2 }, [1, 10])).toBe(2 * a + a + 10 * (3 * b + b) + 0.5);
  });

  it('stands beside the deep network, or below it', () => {
    // The deep layer gives ReLU(x₁, −x₁) of its first input.
    const parallel = logit({ structure: 'parallel', hidden: [2] }, [1, 10, 100, 1000]);
    expect(parallel).toBe(CROSSED[0]! + 10 * CROSSED[1]! + 100 * 2 + 0.5);
    expect(logit({ structure: 'stacked', hidden: [2] }, [100, 1000])).toBe(100 * CROSSED[0]! + 0.5);
  });
});
