// The floor: how often the member clicks, and how often the item is clicked. Nothing is learned but counts.

import { z } from 'zod';
import { add, mul, sub, sum } from '../graph/ops/algebra.js';
import { log } from '../graph/ops/elementwise.js';
import { constant } from '../graph/ops/leaves.js';
import { defineModel, type MetaPart, type ParameterSpec } from './contract/definition.js';
import { layoutGroup } from './contract/fields.js';
import type { Counts } from './contract/label-counts.js';
import { smoothedLogit, smoothingStrength } from './layers/smoothed-rates.js';

const MEMBER = 'vector';
const MEAN = 'rates.mean';
const STRENGTH = 'rates.strength';
const ITEM = 'item.item';

export const rates = defineModel({
  name: 'rates',
  summary:
    'Smoothed click rates of the member and of the item, counted and not learned: the floor of every table.',
  learns: 'counts',
  config: z.strictObject({
    maxSupport: z
      .int()
      .min(1)
      .default(10_000)
      .describe('most support rows that a member is counted on, the latest'),
  }),
  build: ({ maxSupport }, inputs) => {
    const { group, tables } = layoutGroup('item', [inputs.itemId], {
      dim: 1,
      scale: 0,
      optimizer: 'default',
    });
    const set = (name: string, value: number): ParameterSpec => ({
      name,
      shape: [],
      init: { kind: 'constant', scale: value },
      decay: false,
      trained: false,
    });
    const member: MetaPart = {
      name: MEMBER,
      side: 'entity',
      size: 1,
      maxSupport,
      trainSteps: 0,
      adaptSteps: 0,
      pooling: 'mean',
      vector: (parameters, _task, { label, mask }) => {
        const clicks = sum(mul(label, mask), [1], true);
        const rest = sub(sum(mask, [1], true), clicks);
        const pseudo = mul(parameters[STRENGTH]!, parameters[MEAN]!);
        const others = mul(parameters[STRENGTH]!, sub(constant(1), parameters[MEAN]!));
        return sub(log(add(clicks, pseudo)), log(add(rest, others)));
      },
    };
    return {
      name: 'rates',
      taskGroups: [],
      rowGroups: [group],
      tables,
      parameters: [set(MEAN, 0.5), set(STRENGTH, 1)],
      optimizers: { default: { name: 'sgd', learningRate: 1, weightDecay: 0, l1: 0 } },
      learns: { by: 'counts' },
      adapts: [member],
      unknownShare: 0,
      counted: ({ entity, item }) => {
        const mean = meanRate(item);
        const strength = smoothingStrength(item, mean);
        const logit = (rows: number, clicks: number): number => smoothedLogit(rows, clicks, mean, strength);
        const effects = Float32Array.from(item.rows, (rows, i) =>
          i === 0 ? 0 : logit(rows, item.clicks[i]!) - logit(0, 0),
        );
        return new Map([
          [MEAN, Float32Array.of(mean)],
          [STRENGTH, Float32Array.of(smoothingStrength(entity, mean))],
          [ITEM, effects],
        ]);
      },
      // logit(member) + logit(item) − logit(mean): an item like the mean leaves the member's rate, and the other way about.
      logits: (_parameters, rows, vectors) => add(rows['item']!, vectors[MEMBER]!),
    };
  },
});

/** Share of clicks, half a click and half another row added: a log of one label has odds too. */
function meanRate({ rows, clicks }: Counts): number {
  const total = (of: Float64Array): number => of.reduce((sum, n) => sum + n, 0);
  return (total(clicks) + 0.5) / (total(rows) + 1);
}
