// Names and versions of the bundle format: files, splits, tensors of the graphs, columns of the tables.

/** Version of the folder layout; a reader names the version it cannot read. */
export const BUNDLE_FORMAT = { name: 'limaml-bundle', version: 4 } as const;
/** What is read: bundles of the third version lack `limaml_bundle.py` and nothing else. */
export const READ_VERSIONS = [3, BUNDLE_FORMAT.version] as const;

export const BUNDLE_FILES = {
  manifest: 'manifest.json',
  score: 'score.onnx',
  adapt: 'adapt.onnx',
  embeddings: 'embeddings.parquet',
  support: 'support.parquet',
  entities: 'entities.parquet',
  items: 'items.parquet',
  history: 'history.parquet',
  prior: 'prior.json',
  readme: 'README.md',
  module: 'limaml_bundle.py',
} as const;

/** Up to which split an entity's rows may be its support. */
export const THROUGH = ['train', 'valid', 'test'] as const;
export type Through = (typeof THROUGH)[number];

/** Output of score.onnx, and the column that scoring adds. */
export const PROBABILITY = 'probability';
/** Input of score.onnx and output of adapt.onnx: the meta embedding. */
export const VECTOR = 'vector';
/** Prefix of the inputs of adapt.onnx that hold one value a support row. */
export const SUPPORT = 'support.';
export const SUPPORT_LABEL = `${SUPPORT}label`;
export const SUPPORT_MASK = `${SUPPORT}mask`;

/** What every support row has besides event features. */
export const EVENT_COLUMNS = ['entity', 'item', 'timestamp_ms', 'label'] as const;
/** The time among them, which no raw log needs to have under this name. */
export const OWN_TIME = 'timestamp_ms';

/** Names that the graphs and the tables use for themselves: no feature may have one. */
export const TAKEN_NAMES: readonly string[] = [VECTOR, PROBABILITY, ...EVENT_COLUMNS, 'mask', 'place'];
