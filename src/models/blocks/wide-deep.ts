// Wide & deep with IDs (Cheng et al. 2016, arXiv 1606.07792) as a part of a model: a linear side over IDs, features and crosses of
// the entity with item features, beside a deep network over embeddings of the same.
import { z } from 'zod';
import type { Node } from '../../graph/ir/node.js';
import { add } from '../../graph/ops/algebra.js';
import type { EncodedGroups, ModelInputs, ParameterSpec, Parameters } from '../contract/definition.js';
import { crossField, type FieldGroup, layoutGroup, type TableSpec } from '../contract/fields.js';
import { hiddenLayerOptions, layerSizes, optimizerOptions, share } from '../contract/options.js';
import type { HiddenDropout, TrainingPass } from '../contract/training-pass.js';
import { linearLogits, linearSide } from '../layers/linear-side.js';
import { mlp, mlpDropouts, mlpParameters } from '../layers/mlp.js';

/** Options of the block. */
export const wideDeepOptions = {
  embedding: z
    .strictObject({
      size: z.int().min(1).default(16).describe('columns of every embedding of the deep side'),
      scale: z.number().positive().default(0.1).describe('deviation of the start values'),
      dropout: share.default(0.3).describe('share of encoded deep features dropped in training'),
    })
    .prefault({}),
  hidden: layerSizes.default([64, 32]),
  ...hiddenLayerOptions,
  wide: z
    .strictObject({
      entityCrosses: z
        .boolean()
        .default(true)
        .describe('crosses of the entity ID with every index feature of the item'),
      buckets: z.int().min(1).default(1_000_000).describe('most indexes of one cross'),
      optimizer: optimizerOptions({ learningRate: 1e-3, weightDecay: 1e-4 }),
    })
    .prefault({}),
};

type WideDeepOptions = z.output<z.ZodObject<typeof wideDeepOptions>>;

export interface WideDeepBlock {
  readonly rowGroups: readonly FieldGroup[];
  readonly tables: readonly TableSpec[];
  readonly parameters: readonly ParameterSpec[];
  readonly hiddenDropouts: readonly HiddenDropout[];
  /** Logits [..., 1] of rows whose groups are [..., width]. */
  logits(parameters: Parameters, rows: EncodedGroups, pass: TrainingPass | undefined): Node;
}

/** `prefix` stands before every name; `optimizers` are keys of the model's. */
export function wideDeepBlock(
  { embedding, hidden, hiddenDropout, batchNorm, wide }: WideDeepOptions,
  inputs: ModelInputs,
  optimizers: { readonly deep: string; readonly wide: string },
  prefix = '',
): WideDeepBlock {
  const names = { deep: `${prefix}deep`, wide: `${prefix}wide` };
  const fields = [inputs.entityId, inputs.itemId, ...inputs.entity, ...inputs.item, ...inputs.event];
  const crosses = wide.entityCrosses
    ? inputs.item
        .filter(({ kind }) => kind !== 'numeric')
        .map((field) => crossField(inputs.entityId, field, wide.buckets))
    : [];
  const deepSide = layoutGroup(names.deep, fields, {
    dim: embedding.size,
    scale: embedding.scale,
    dropout: embedding.dropout,
    optimizer: optimizers.deep,
  });
  const wideSide = linearSide(names.wide, [...fields, ...crosses], optimizers.wide);
  const widths = [deepSide.group.width, ...hidden, 1];
  const between = { dropout: hiddenDropout, batchNorm };
  return {
    rowGroups: [deepSide.group, wideSide.group],
    tables: [...deepSide.tables, ...wideSide.tables],
    parameters: mlpParameters(names.deep, widths, between).map((spec) => ({
      ...spec,
      ...(optimizers.deep === 'default' ? {} : { optimizer: optimizers.deep }),
    })),
    hiddenDropouts: mlpDropouts(names.deep, widths, between),
    logits: (parameters, rows, pass) =>
      add(
        mlp(parameters, names.deep, widths.length - 1, rows[names.deep]!, between, pass),
        linearLogits(rows[names.wide]!),
      ),
  };
}
