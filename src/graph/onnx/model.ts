// Writes a graph as an ONNX model file.
import type { Shape } from '../ir/dims.js';
import { ONNX_TYPE } from '../ir/emit.js';
import { type DType, type Node, topologicalOrder } from '../ir/node.js';
import { inputOp } from '../ops/leaves.js';
import { GraphEmitter, isInnerName } from './emitter.js';
import { MessageWriter } from './protobuf.js';

/** Named results of a graph. The inputs are found by walking back from them. */
export interface Program {
  readonly outputs: Readonly<Record<string, Node>>;
}

export interface OnnxOptions {
  /** Text put into the model for people who open it. */
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The fed inputs of a program by name. Throws when two different inputs share a name. */
export function programInputs(program: Program): Map<string, Node> {
  const inputs = new Map<string, Node>();
  for (const node of topologicalOrder(Object.values(program.outputs))) {
    if (node.op !== inputOp) continue;
    const name = node.attrs['name'] as string;
    const known = inputs.get(name);
    if (known !== undefined && known !== node) throw new Error(`two inputs are named "${name}"`);
    inputs.set(name, node);
  }
  return inputs;
}

/**
 * ONNX bytes (IR version 8, opset 17, ai.onnx.ml 3) of the program. Named dims become symbolic dimensions, so one
 * compiled session serves any size.
 */
export function toOnnx(program: Program, options: OnnxOptions = {}): Uint8Array {
  const inputs = programInputs(program);
  for (const name of [...inputs.keys(), ...Object.keys(program.outputs)])
    if (isInnerName(name)) throw new Error(`"${name}" is the name of a node inside the graph`);
  for (const name of Object.keys(program.outputs))
    if (inputs.has(name)) throw new Error(`an input and an output are both named "${name}"`);
  const dims = new Map<string, { input: string; axis: number }>();
  for (const [name, node] of inputs)
    node.shape.forEach((dim, axis) => {
      if (typeof dim === 'string' && !dims.has(dim)) dims.set(dim, { input: name, axis });
    });

  const emitter = new GraphEmitter(dims);
  const names = new Map<Node, string>();
  for (const node of topologicalOrder(Object.values(program.outputs)))
    names.set(
      node,
      node.op.onnx(
        emitter,
        node,
        node.inputs.map((input) => names.get(input)!),
      ),
    );

  const graph = new MessageWriter();
  const results = Object.entries(program.outputs).map(([name, node]) => {
    const identity = new MessageWriter().bytes(1, names.get(node)!).bytes(2, name).bytes(3, `out ${name}`);
    return { identity: identity.bytes(4, 'Identity'), info: valueInfo(name, node.shape, node.dtype) };
  });
  for (const node of emitter.nodes) graph.bytes(1, node);
  for (const { identity } of results) graph.message(1, identity);
  graph.bytes(2, 'limaml');
  for (const initializer of emitter.initializers) graph.bytes(5, initializer);
  for (const [name, node] of inputs) graph.message(11, valueInfo(name, node.shape, node.dtype));
  for (const { info } of results) graph.message(12, info);

  const model = new MessageWriter().integer(1, 8).bytes(2, 'limaml');
  if (options.description !== undefined) model.bytes(6, options.description);
  model.message(7, graph);
  for (const domain of emitter.domains)
    model.message(8, new MessageWriter().bytes(1, domain).integer(2, domain === '' ? 17 : 3));
  for (const [key, value] of Object.entries(options.metadata ?? {}))
    model.message(14, new MessageWriter().bytes(1, key).bytes(2, value));
  return model.finish();
}

function valueInfo(name: string, shape: Shape, dtype: DType): MessageWriter {
  const dims = new MessageWriter();
  for (const dim of shape)
    dims.message(
      1,
      typeof dim === 'number' ? new MessageWriter().integer(1, dim) : new MessageWriter().bytes(2, dim),
    );
  const tensor = new MessageWriter().integer(1, ONNX_TYPE[dtype]).message(2, dims);
  return new MessageWriter().bytes(1, name).message(2, new MessageWriter().message(1, tensor));
}
