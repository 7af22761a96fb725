// `import … from 'limaml/models'`: what a model is, the parts that models share, and every model there is.
export { z } from 'zod';
export type {
  EncodedGroups,
  EpisodeOptions,
  Learning,
  MetaPart,
  Model,
  ModelDefinition,
  ModelInputs,
  Objective,
  ParameterSpec,
  Parameters,
  Paths,
  RowPart,
  SupportNodes,
  Vectors,
} from '../models/contract/definition.js';
export { defineModel } from '../models/contract/definition.js';
export {
  crossField,
  type Field,
  type FieldGroup,
  layoutGroup,
  type TableSpec,
} from '../models/contract/fields.js';
export { hiddenLayerOptions, layerSizes, optimizerOptions, share } from '../models/contract/options.js';
export type { HiddenDropout, TrainingPass } from '../models/contract/training-pass.js';
export { ACTIVATIONS, type Activation, activation, silu } from '../models/layers/activations.js';
export { type BatchNormNames, batchNorm, batchNormParameters } from '../models/layers/batch-norm.js';
export { type DenseNames, dense, denseParameters } from '../models/layers/dense.js';
export { hiddenDropout } from '../models/layers/dropout.js';
export { type HiddenLayers, mlp, mlpDropouts, mlpParameters } from '../models/layers/mlp.js';
export { findModel, MODELS } from '../models/registry.js';
