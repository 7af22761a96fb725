// `import … from 'limaml/models'`: what a model is, the parts that models share, and every model there is.
export type {
  EncodedGroups,
  MetaPart,
  Model,
  ModelDefinition,
  ModelInputs,
  ParameterSpec,
  Parameters,
  SupportNodes,
} from '../models/contract/definition.js';
export { defineModel } from '../models/contract/definition.js';
export { type Field, type FieldGroup, layoutGroup, type TableSpec } from '../models/contract/fields.js';
export { layerSizes, optimizerOptions, share } from '../models/contract/options.js';
export { findModel, MODELS } from '../models/registry.js';
