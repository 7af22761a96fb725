// The two-block network that `limaml` and `finetune` share: meta block, inner loop, global block.

import { z } from 'zod';
import type { Node } from '../graph/ir/node.js';
import { add, expand, mul, sum } from '../graph/ops/algebra.js';
import { exp } from '../graph/ops/elementwise.js';
import { concat } from '../graph/ops/joining.js';
import { constant } from '../graph/ops/leaves.js';
import { type GlobalBlockShape, globalBlock, globalBlockParameters } from './blocks/global-block.js';
import { supportWeights } from './blocks/inner-loss.js';
import { weightedLoss } from './blocks/losses.js';
import { adaptBlock } from './blocks/meta-block.js';
import { mlpParameters } from './blocks/mlp.js';
import { poolVectors } from './blocks/pooling.js';
import type {
  BuiltBy,
  EncodedGroups,
  EpisodeOptions,
  MetaPart,
  Model,
  ModelInputs,
  ParameterSpec,
  Parameters,
  SupportNodes,
  Vectors,
} from './definition.js';
import { type Field, layoutGroup } from './fields.js';
import { layerSizes, optimizerOptions, share } from './options.js';

/** Options of the parts that both models have. */
export const twoBlockOptions = {
  embedding: z
    .strictObject({
      size: z.int().min(1).default(16).describe('columns of every embedding'),
      scale: z.number().positive().default(0.1).describe('deviation of the start values'),
      dropout: share.default(0.2).describe('share of encoded row features dropped in training'),
      unknownShare: share.default(0.01).describe('share of training rows whose item ID is hidden'),
    })
    .prefault({}),
  meta: z
    .strictObject({
      hidden: layerSizes.default([64]),
      size: z.int().min(1).default(32).describe('length of the meta embedding'),
      entityId: z.boolean().default(false).describe('the entity ID is a meta feature too'),
      rows: z
        .boolean()
        .default(false)
        .describe('item and event features of the support rows are meta features too'),
      pooling: z
        .enum(['mean', 'last', 'recency'])
        .default('mean')
        .describe('how the vectors of support rows become one, with meta.rows'),
    })
    .prefault({}),
  global: z
    .strictObject({
      hidden: layerSizes.default([64]),
      interaction: z.boolean().default(true).describe('adds meta embedding ⊙ projected features'),
    })
    .prefault({}),
  episodes: z
    .strictObject({
      tasks: z.int().min(1).default(32).describe('entities in one meta-batch'),
      maxSupport: z.int().min(1).default(100).describe('most support rows of an entity, the latest ones'),
      maxQuery: z.int().min(1).default(50).describe('most query rows of an episode'),
      order: z
        .enum(['time', 'random'])
        .default('time')
        .describe('support strictly before query, or disjoint draws'),
      emptyShare: share.default(0.05).describe('share of episodes without support'),
    })
    .prefault({}),
  optimizer: optimizerOptions({ learningRate: 1e-3, weightDecay: 3e-5 }),
};

export const innerLossOptions = {
  steps: z.int().min(0).max(64).default(3).describe('inner gradient steps'),
  adapt: z
    .enum(['block', 'last-layer', 'vector'])
    .default('block')
    .describe('what they move: the meta block (MAML), its last layer (ANIL), the vector (CAVIA)'),
  loss: z
    .enum(['shrunk', 'mean', 'sum'])
    .default('shrunk')
    .describe('inner loss of n support rows: sum / (n + c), mean, or sum'),
  shrinkage: z.number().min(0).default(20).describe('c in sum / (n + c)'),
  rate: z.number().positive().default(1.5).describe('inner learning rate, or where it starts when learned'),
};

export interface TwoBlockOptions {
  readonly embedding: { size: number; scale: number; dropout: number; unknownShare: number };
  readonly meta: {
    hidden: readonly number[];
    size: number;
    entityId: boolean;
    rows: boolean;
    pooling: 'mean' | 'last' | 'recency';
  };
  readonly global: { hidden: readonly number[]; interaction: boolean };
  readonly episodes: EpisodeOptions & Pick<MetaPart, 'maxSupport'>;
  readonly optimizer: Model['optimizers']['default'];
  readonly inner: {
    adapt: 'block' | 'last-layer' | 'vector';
    loss: 'shrunk' | 'mean' | 'sum';
    shrinkage: number;
    learnedShrinkage: boolean;
    firstOrder: boolean;
    rate: number;
    rates: 'fixed' | 'layer' | 'step-layer';
    trainSteps: number;
    adaptSteps: number;
  };
  readonly rateGrid?: readonly number[];
}

/** Name of the meta embedding among the vectors. */
const VECTOR = 'vector';

export function twoBlockModel(
  name: string,
  options: TwoBlockOptions,
  inputs: ModelInputs,
): BuiltBy<'episodes'> {
  const { embedding, meta, inner } = options;
  const { maxSupport, ...sampling } = options.episodes;
  const table = { dim: embedding.size, scale: embedding.scale, optimizer: 'default' };
  const rowFields = [inputs.itemId, ...inputs.item, ...inputs.event];
  const metaFields: Field[] = meta.entityId ? [inputs.entityId, ...inputs.entity] : [...inputs.entity];
  const rowLayout = layoutGroup('item', rowFields, { ...table, dropout: embedding.dropout });
  const metaLayout = layoutGroup('meta', metaFields, table);
  const metaWidth = Math.max(1, metaLayout.group.width) + (meta.rows ? rowLayout.group.width : 0);
  const widths = [metaWidth, ...meta.hidden, meta.size];
  const layers = widths.length - 1;
  const shape: GlobalBlockShape = {
    vector: meta.size,
    features: rowLayout.group.width,
    hidden: options.global.hidden,
    interaction: options.global.interaction,
  };
  const steps = Math.max(inner.trainSteps, inner.adaptSteps);
  const rateName = (step: number, layer: number, part: string): string =>
    inner.rates === 'fixed'
      ? 'inner.rate'
      : `inner.rate.${inner.rates === 'step-layer' ? `${step}.` : ''}${part}${layer}`;
  const logC = Math.log(Math.max(inner.shrinkage, 1e-9));

  const logits = (parameters: Parameters, rows: EncodedGroups, vectors: Vectors): Node =>
    globalBlock(parameters, shape, vectors[VECTOR]!, rows['item']!);

  const vector = (
    parameters: Parameters,
    task: EncodedGroups,
    support: SupportNodes,
    steps: number,
  ): Node => {
    // An entity without features of its own still has a meta block: its input is a constant.
    const own = task['meta'] ?? add(mul(sum(support.mask, [1], true), constant(0)), constant(1));
    const rows = support.rows['item']!;
    const withRows = (features: Node, base: Node): Node =>
      concat([expand(base, [...features.shape.slice(0, -1), base.shape[2]!]), features]);
    const x = meta.rows ? withRows(rows, own) : own;
    const c = inner.learnedShrinkage ? exp(parameters['inner.logShrinkage']!) : constant(inner.shrinkage);
    const weight = supportWeights(inner.loss, support.mask, c);
    const adapted = adaptBlock(parameters, 'meta', layers, x, {
      steps,
      adapt: inner.adapt,
      firstOrder: inner.firstOrder,
      rate: (step, layer, part) => parameters[rateName(step, layer, part)]!,
      loss: (vectors) =>
        weightedLoss(logits(parameters, support.rows, { [VECTOR]: vectors }), support.label, weight),
    });
    if (!meta.rows) return adapted(own);
    // The prior sees no row: its row features are zero.
    const empty = mul(sum(rows, [1], true), constant(0));
    return poolVectors(adapted(x), support.pool, adapted(withRows(empty, own)));
  };

  const rates: ParameterSpec[] = [];
  for (let step = 0; step < steps; step++)
    for (let layer = 0; layer < layers; layer++)
      for (const part of inner.adapt === 'vector' ? (['vector'] as const) : (['weight', 'bias'] as const)) {
        const rate = rateName(step, layer, part);
        const used = inner.adapt === 'block' || layer === layers - 1;
        if (used && !rates.some((spec) => spec.name === rate))
          rates.push({
            name: rate,
            shape: [],
            init: { kind: 'constant', scale: inner.rate },
            decay: false,
            trained: inner.rates !== 'fixed',
          });
      }

  return {
    name,
    taskGroups: metaFields.length > 0 ? [metaLayout.group] : [],
    rowGroups: [rowLayout.group],
    tables: [...metaLayout.tables, ...rowLayout.tables],
    parameters: [
      ...mlpParameters('meta', widths),
      ...globalBlockParameters(shape),
      ...rates,
      ...(inner.learnedShrinkage
        ? [
            {
              name: 'inner.logShrinkage',
              shape: [],
              init: { kind: 'constant', scale: logC },
              decay: false,
            } as const,
          ]
        : []),
    ],
    optimizers: { default: options.optimizer },
    learns: { by: 'episodes', ...sampling },
    unknownShare: embedding.unknownShare,
    adapts: [
      {
        name: VECTOR,
        side: 'entity',
        size: meta.size,
        maxSupport,
        trainSteps: inner.trainSteps,
        adaptSteps: inner.adaptSteps,
        vector,
        pooling: meta.pooling,
      },
    ],
    ...(options.rateGrid === undefined
      ? {}
      : { rateGrid: { parameter: 'inner.rate', values: options.rateGrid } }),
    logits,
  };
}
