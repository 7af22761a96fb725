// Ops at the raw edge of exported graphs: from texts and numbers as a log holds them to indexes and encoded numbers.
//
// Training graphs never hold them: there, prep has encoded the values. They repeat its arithmetic to the bit, in float64.
import { broadcastShapes } from '../ir/dims.js';
import { ONNX_TYPE, type OnnxEmitter } from '../ir/emit.js';
import { type DType, makeNode, type Node, numberAttr, type Op } from '../ir/node.js';

const refuse: Op['tfjs'] = (_context, node) => {
  throw new Error(`"${node.op.name}" reads raw values, which is for ONNX engines: feed tfjs encoded values`);
};

/** An op of raw values: nothing flows back through it. */
function rawOp(name: string, input: DType, output: DType, onnx: Op['onnx']): Op {
  return {
    name,
    shape: ([x]) => {
      if (x!.dtype !== input) throw new Error(`${name} takes ${input}, not ${x!.dtype}`);
      return x!.shape;
    },
    dtype: () => output,
    gradient: [null],
    onnx,
    tfjs: refuse,
  };
}

const float64 = (emit: OnnxEmitter, value: number): string => emit.initializer(Float64Array.of(value), []);
const int64 = (emit: OnnxEmitter, value: number): string =>
  emit.initializer(BigInt64Array.of(BigInt(value)), []);

/** True where a float64 is NaN or infinite: no value. */
function isMissing(emit: OnnxEmitter, x: string): string {
  return emit.node('IsNaN', [emit.node('Sub', [x, x])]);
}

export const vocabularyOp: Op = rawOp('vocabulary', 'string', 'int64', (emit, node, [x]) => {
  const keys = node.attrs['keys'] as readonly string[];
  const indexes = node.attrs['indexes'] as readonly number[];
  // A dictionary may not be empty; the one key that no text of ours holds stands in.
  const entries = keys.length === 0 ? { keys: ['\u0000'], indexes: [0] } : { keys, indexes };
  return emit.node(
    'LabelEncoder',
    [x!],
    {
      keys_strings: { strings: entries.keys },
      values_int64s: { int64s: entries.indexes },
      default_int64: 0,
    },
    'ai.onnx.ml',
  );
});

/** The index of each text: `indexes[i]` for `keys[i]`, 0 for any other. */
export function vocabulary(x: Node, keys: readonly string[], indexes: readonly number[]): Node {
  if (keys.length !== indexes.length) throw new Error(`${keys.length} keys for ${indexes.length} indexes`);
  return makeNode(vocabularyOp, [x], { keys, indexes });
}

export const bucketOp: Op = rawOp('bucket', 'float64', 'int64', (emit, node, [x]) => {
  const given = node.attrs['edges'] as readonly number[];
  // A sum over no edges would lose the rows' axis; an edge that nothing passes adds nothing.
  const edges = Float64Array.from(given.length === 0 ? [Number.POSITIVE_INFINITY] : given);
  const last = emit.int64s([-1]);
  const passed = emit.node('Less', [
    emit.initializer(edges, [edges.length]),
    emit.node('Unsqueeze', [x!, last]),
  ]);
  const count = emit.node('ReduceSum', [emit.node('Cast', [passed], { to: ONNX_TYPE.int64 }), last], {
    keepdims: 0,
  });
  const found = emit.node('Add', [count, int64(emit, 1)]);
  return emit.node('Where', [isMissing(emit, x!), int64(emit, 0), found]);
});

/** The quantile bucket of each number: 1 + count(edges < number), 0 for NaN. */
export function bucket(x: Node, edges: readonly number[]): Node {
  return makeNode(bucketOp, [x], { edges });
}

export const standardiseOp: Op = rawOp('standardise', 'float64', 'float32', (emit, node, [x]) => {
  const size = (): string => emit.node('Log', [emit.node('Add', [emit.node('Abs', [x!]), float64(emit, 1)])]);
  const value = node.attrs['log'] === 1 ? emit.node('Mul', [emit.node('Sign', [x!]), size()]) : x!;
  const centred = emit.node('Sub', [value, float64(emit, numberAttr(node, 'mean'))]);
  const scaled = emit.node('Div', [centred, float64(emit, numberAttr(node, 'deviation'))]);
  const stored = emit.node('Cast', [scaled], { to: ONNX_TYPE.float32 });
  return emit.node('Where', [isMissing(emit, x!), emit.scalar(0), stored]);
});

/** (t − mean) / deviation, where t is the number, or with `log` sign · ln(1 + |number|); 0 for NaN. */
export function standardise(
  x: Node,
  transform: { readonly log: boolean; readonly mean: number; readonly deviation: number },
): Node {
  const { log, mean, deviation } = transform;
  return makeNode(standardiseOp, [x], { log: log ? 1 : 0, mean, deviation });
}

export const foldOp: Op = {
  name: 'fold',
  shape: ([left, right]) => {
    if (left!.dtype !== 'int64' || right!.dtype !== 'int64') throw new Error('fold takes two int64');
    return broadcastShapes(left!.shape, right!.shape);
  },
  gradient: [null, null],
  onnx: (emit, node, [left, right]) => {
    const scaled = emit.node('Mul', [left!, int64(emit, numberAttr(node, 'rightSize'))]);
    return emit.node('Mod', [emit.node('Add', [scaled, right!]), int64(emit, numberAttr(node, 'size'))]);
  },
  tfjs: refuse,
};

/** (left · rightSize + right) mod size: the index of a cross product. */
export function fold(left: Node, right: Node, rightSize: number, size: number): Node {
  return makeNode(foldOp, [left, right], { rightSize, size });
}

export const knownOp: Op = rawOp('known', 'int64', 'float32', (emit, _node, [x]) =>
  emit.node('Cast', [emit.node('Greater', [x!, int64(emit, 0)])], { to: ONNX_TYPE.float32 }),
);

/** 1 where an index is above 0, else 0. */
export function known(x: Node): Node {
  return makeNode(knownOp, [x]);
}

export const rowsBeforeOp: Op = rawOp('rowsBefore', 'float32', 'float32', (emit, _node, [x]) =>
  emit.node('CumSum', [x!, int64(emit, 1)], { exclusive: 1 }),
);

/** Of a mask [tasks, rows, 1], the number of ones before each row. */
export function rowsBefore(mask: Node): Node {
  return makeNode(rowsBeforeOp, [mask]);
}
