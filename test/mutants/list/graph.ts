// Wrong gradients.
import type { Mutant } from '../mutant.js';

const tests = ['test/graph/op-gradients.test.ts'];

export const GRAPH_MUTANTS: readonly Mutant[] = [
  {
    name: 'G1',
    what: 'the gradient of tanh is 1 - y instead of 1 - y²',
    file: 'src/graph/ops/elementwise.ts',
    search: '(node, d, ops) => ops.mul(d, ops.sub(constant(1), ops.mul(node, node))),',
    replace: '(node, d, ops) => ops.mul(d, ops.sub(constant(1), node)),',
    tests,
  },
  {
    name: 'G3',
    what: 'the gradient of a matrix product by its left side forgets to transpose',
    file: 'src/graph/ops/matrix.ts',
    search: 'ops.sumTo(ops.matmul(d, ops.transpose(node.inputs[1]!)), node.inputs[0]!.shape)',
    replace: 'ops.sumTo(node.inputs[0]!, node.inputs[0]!.shape)',
    tests,
  },
  {
    name: 'G4',
    what: 'the gradient of softplus has no gradient of its own',
    file: 'src/graph/ops/elementwise.ts',
    search: '(node, d, ops) => ops.mul(d, sigmoid(node.inputs[0]!)),',
    replace: '(node, d, ops) => ops.mul(d, sigmoid(makeNode(detachOp, [node.inputs[0]!]))),',
    tests,
  },
];
