// `import … from 'limaml/graph'`: the tensor graph, its ops, its gradients, and how it is written and run.

export { differentiate } from '../graph/differentiate.js';
export type { Dim, Shape } from '../graph/ir/dims.js';
export type { DType, Node, Op } from '../graph/ir/node.js';
export { type OnnxOptions, type Program, toOnnx } from '../graph/onnx/model.js';
export { add, div, expand, matmul, mul, neg, reshape, sub, sum, transpose } from '../graph/ops/algebra.js';
export {
  detach,
  exp,
  log,
  relu,
  sigmoid,
  softplus,
  sqrt,
  step,
  tanh,
} from '../graph/ops/elementwise.js';
export { concat, pad, slice } from '../graph/ops/joining.js';
export { constant, input, tensor } from '../graph/ops/leaves.js';
export { gather, scatterAdd } from '../graph/ops/lookup.js';
export { OPS } from '../graph/ops/table.js';
export { BACKENDS, type Backend, loadExecutor } from '../runtime/backends.js';
export type { CompiledProgram, Executor, Feeds, Results, Tensor } from '../runtime/executor.js';
