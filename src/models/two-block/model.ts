// The two-block network that `limaml` and `finetune` share: meta block, inner loop, global block.
import type { Node } from '../../graph/ir/node.js';
import { type GlobalBlockShape, globalBlock, globalBlockParameters } from '../blocks/global-block.js';
import type { MetaBlockShape } from '../blocks/meta-block.js';
import type { BuiltBy, EncodedGroups, MetaPart, ModelInputs, Parameters } from '../contract/definition.js';
import { layoutGroup } from '../contract/fields.js';
import { mlpParameters } from '../layers/mlp.js';
import { FIXED_RATE, innerParameters } from './inner-parameters.js';
import { metaVector } from './meta-vector.js';
import type { TwoBlockOptions } from './options.js';

/** Name of the meta embedding among the vectors, and of the meta block's parameters and fields. */
const VECTOR = 'vector';
const META = 'meta';

export function twoBlockModel(
  name: string,
  options: TwoBlockOptions,
  inputs: ModelInputs,
): BuiltBy<'episodes'> {
  const { inner, embedding } = options;
  const { maxSupport, ...sampling } = options.episodes;
  const { item, meta, widths, shape } = layoutOf(options, inputs);
  const block: MetaBlockShape = {
    name: META,
    layers: widths.length - 1,
    activation: options.meta.activation,
  };
  const logits = (parameters: Parameters, rows: EncodedGroups, vectors: Node): Node =>
    globalBlock(parameters, shape, vectors, rows['item']!);
  const part: MetaPart = {
    name: VECTOR,
    side: 'entity',
    size: options.meta.size,
    maxSupport,
    trainSteps: inner.trainSteps,
    adaptSteps: inner.adaptSteps,
    pooling: options.meta.pooling,
    vector: metaVector({ block, rows: options.meta.rows, inner, logits }),
  };
  return {
    name,
    taskGroups: meta.group.fields.length > 0 ? [meta.group] : [],
    rowGroups: [item.group],
    tables: [...meta.tables, ...item.tables],
    parameters: [
      ...mlpParameters(META, widths),
      ...globalBlockParameters(shape),
      ...innerParameters(inner, block.layers),
    ],
    optimizers: { default: options.optimizer },
    learns: { by: 'episodes', ...sampling },
    unknownShare: embedding.unknownShare,
    adapts: [part],
    ...(options.rateGrid === undefined
      ? {}
      : { rateGrid: { parameter: FIXED_RATE, values: options.rateGrid } }),
    logits: (parameters, rows, vectors) => logits(parameters, rows, vectors[VECTOR]!),
  };
}

/** The fields that either block reads, and the widths that follow from them. */
function layoutOf(
  { embedding, meta: { hidden, size, entityId, rows }, global }: TwoBlockOptions,
  inputs: ModelInputs,
) {
  const table = { dim: embedding.size, scale: embedding.scale, optimizer: 'default' };
  const { dropout } = embedding;
  const item = layoutGroup('item', [inputs.itemId, ...inputs.item, ...inputs.event], { ...table, dropout });
  const meta = layoutGroup(META, [...(entityId ? [inputs.entityId] : []), ...inputs.entity], table);
  // Without features of its own an entity has a constant as its one meta feature.
  const metaWidth = Math.max(1, meta.group.width) + (rows ? item.group.width : 0);
  const shape: GlobalBlockShape = { vector: size, features: item.group.width, ...global };
  return { item, meta, widths: [metaWidth, ...hidden, size], shape };
}
