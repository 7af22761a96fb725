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
  ParameterSpec,
  Parameters,
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
export { layerSizes, optimizerOptions, share } from '../models/contract/options.js';
export { ACTIVATIONS, type Activation, activation, silu } from '../models/layers/activations.js';
export { type DenseNames, dense, denseParameters } from '../models/layers/dense.js';
export { mlp, mlpParameters } from '../models/layers/mlp.js';
export { findModel, MODELS } from '../models/registry.js';
