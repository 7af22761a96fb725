// The two-block network that `limaml` and `finetune` share: meta block, inner loop, global block.
import type { Node } from '../../graph/ir/node.js';
import { add } from '../../graph/ops/algebra.js';
import { type GlobalBlockShape, globalBlock, globalBlockParameters } from '../blocks/global-block.js';
import type { MetaBlockShape } from '../blocks/meta-block.js';
import type { BuiltBy, EncodedGroups, MetaPart, ModelInputs, Parameters } from '../contract/definition.js';
import { layoutGroup } from '../contract/fields.js';
import { linearLogits, linearSide } from '../layers/linear-side.js';
import { mlpParameters } from '../layers/mlp.js';
import { headShare, idsHead, idsOptimizers, isShareChosen, mixed, shareParameter } from './ids-head.js';
import { FIXED_RATE, innerParameters } from './inner-parameters.js';
import { metaVector } from './meta-vector.js';
import { stepObjectives } from './objectives.js';
import type { TwoBlockOptions } from './options.js';

/** Name of the meta embedding among the vectors, and of the meta block's parameters and fields. */
const VECTOR = 'vector';
const META = 'meta';
/** Names of the row groups: what the global block reads, and what the linear side weighs. */
const [ITEM, WIDE] = ['item', 'wide'];

export function twoBlockModel(
  name: string,
  options: TwoBlockOptions,
  inputs: ModelInputs,
): BuiltBy<'episodes'> {
  const { inner, embedding } = options;
  const { maxSupport, ...sampling } = options.episodes;
  const { item, meta, wide, widths, shape } = layoutOf(options, inputs);
  const ids = idsHead(options, inputs);
  const block: MetaBlockShape = {
    name: META,
    layers: widths.length - 1,
    activation: options.meta.activation,
  };
  const logits = (parameters: Parameters, rows: EncodedGroups, vectors: Node): Node => {
    const personal = globalBlock(parameters, shape, vectors, rows[ITEM]!);
    return wide === undefined ? personal : add(personal, linearLogits(rows[WIDE]!));
  };
  const part: MetaPart = {
    name: VECTOR,
    side: 'entity',
    size: options.meta.size,
    maxSupport,
    trainSteps: inner.trainSteps,
    adaptSteps: inner.adaptSteps,
    pooling: options.meta.pooling,
    ...metaVector({ block, rows: options.meta.rows, inner, logits }),
  };
  const episodeGroups = [item.group, ...(wide === undefined ? [] : [wide.group])];
  return {
    name,
    taskGroups: meta.group.fields.length > 0 ? [meta.group] : [],
    rowGroups: [...episodeGroups, ...(ids?.rowGroups ?? [])],
    episodeGroups,
    tables: [...meta.tables, ...item.tables, ...(wide?.tables ?? []), ...(ids?.tables ?? [])],
    parameters: [
      ...mlpParameters(META, widths),
      ...globalBlockParameters(shape),
      ...innerParameters(inner, block.layers),
      ...(ids?.parameters ?? []),
      ...(isShareChosen(options) ? [shareParameter] : []),
    ],
    optimizers: {
      default: options.optimizer,
      ...(wide === undefined ? {} : { [WIDE]: options.wide.optimizer }),
      ...idsOptimizers(options),
    },
    learns: { by: 'episodes', ...sampling },
    unknownShare: embedding.unknownShare,
    adapts: [part],
    hiddenDropouts: ids?.hiddenDropouts ?? [],
    ...(options.rateGrid === undefined
      ? {}
      : { rateGrid: { parameter: FIXED_RATE, values: options.rateGrid } }),
    ...(isShareChosen(options) ? { headShare } : {}),
    logits: (parameters, rows, vectors, pass) => {
      const personal = logits(parameters, rows, vectors[VECTOR]!);
      return ids === undefined
        ? personal
        : mixed(personal, ids.logits(parameters, rows, pass), options.ids.share, parameters);
    },
    ...(inner.earlierSteps === 0 && ids === undefined
      ? {}
      : {
          objectives: (parameters, rows, paths) =>
            stepObjectives(paths[VECTOR]!, inner.earlierSteps, (vector) => logits(parameters, rows, vector)),
        }),
    ...(ids === undefined
      ? {}
      : {
          byRows: {
            groups: ids.rowGroups,
            objectives: (parameters, rows, pass) => [
              { logits: ids.logits(parameters, rows, pass), weight: 1 },
            ],
          },
        }),
  };
}

/** The fields that either block reads, and the widths that follow from them. */
function layoutOf(
  { embedding, meta: { hidden, size, entityId, rows, dropout: metaDropout }, global, wide }: TwoBlockOptions,
  inputs: ModelInputs,
) {
  const table = { dim: embedding.size, scale: embedding.scale, optimizer: 'default' };
  const { dropout } = embedding;
  const item = layoutGroup(ITEM, [inputs.itemId, ...inputs.item, ...inputs.event], { ...table, dropout });
  const meta = layoutGroup(META, [...(entityId ? [inputs.entityId] : []), ...inputs.entity], {
    ...table,
    dropout: metaDropout,
  });
  // Without features of its own an entity has a constant as its one meta feature.
  const metaWidth = Math.max(1, meta.group.width) + (rows ? item.group.width : 0);
  const { kind, cross, ...deep } = global;
  const beside =
    kind === 'dcnv2'
      ? { kind, layers: cross }
      : kind === 'deepfm'
        ? { kind, group: item.group, size: embedding.size }
        : undefined;
  const shape: GlobalBlockShape = { vector: size, features: item.group.width, ...deep, beside };
  const wideFields = [inputs.itemId, ...inputs.entity, ...inputs.item, ...inputs.event];
  return {
    item,
    meta,
    wide: wide.enabled ? linearSide(WIDE, wideFields, WIDE) : undefined,
    widths: [metaWidth, ...hidden, size],
    shape,
  };
}
