// One plain loop an op, from its definition, in float64. Nothing here shares code with the lowerings it checks.
import { sizesOf } from '../../graph/ir/dims.js';
import { dimsAttr, type Node, numberAttr, type TensorData } from '../../graph/ir/node.js';
import type { Kernel, Value } from './value.js';

const sizeOfShape = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/** Fills a tensor by a function of the multi-index of each element. */
function fill(shape: readonly number[], at: (index: readonly number[]) => number): Value {
  const data = new Float64Array(sizeOfShape(shape));
  const index = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = at(index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return { data, shape };
}

/** The element at a multi-index of equal or higher rank: axes are matched from the right, an axis of size 1 repeats. */
function read({ data, shape }: Value, index: readonly number[]): number {
  const extra = index.length - shape.length;
  let offset = 0;
  shape.forEach((size, axis) => {
    offset = offset * size + (size === 1 ? 0 : index[axis + extra]!);
  });
  const element = data[offset];
  if (element === undefined) throw new Error(`[${index}] lies outside [${shape}]`);
  return element;
}

function broadcastSizes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) throw new Error(`[${a}] and [${b}] do not broadcast`);
    return left === 1 ? right : left;
  });
}

const unary =
  (f: (x: number) => number): Kernel =>
  (_node, [x]) => ({ data: x!.data.map(f), shape: x!.shape });

const binary =
  (f: (a: number, b: number) => number): Kernel =>
  (_node, [a, b]) => {
    const shape = broadcastSizes(a!.shape, b!.shape);
    const left = spread(a!, shape);
    const right = spread(b!, shape);
    return { data: left.map((x, i) => f(x, right[i]!)), shape };
  };

/** The elements of x repeated to a shape that it broadcasts to. */
function spread(x: Value, shape: readonly number[]): Float64Array {
  if (x.data.length === 1) return new Float64Array(sizeOfShape(shape)).fill(x.data[0]!);
  return x.data.length === sizeOfShape(shape) ? x.data : fill(shape, (index) => read(x, index)).data;
}

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** Sums into the element that `place` names for each element of x. */
function accumulate(x: Value, shape: readonly number[], place: (index: readonly number[]) => number): Value {
  const data = new Float64Array(sizeOfShape(shape));
  fill(x.shape, (index) => {
    const element = read(x, index);
    data[place(index)]! += element;
    return element;
  });
  return { data, shape };
}

const offsetOf = (index: readonly number[], shape: readonly number[]): number =>
  shape.reduce((offset, size, axis) => offset * size + index[axis]!, 0);

const sum: Kernel = (node, [x]) => {
  const axes = dimsAttr(node, 'axes') as readonly number[];
  const kept = x!.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const summed = accumulate(x!, kept, (index) =>
    offsetOf(
      index.map((i, axis) => (axes.includes(axis) ? 0 : i)),
      kept,
    ),
  );
  const shape = node.attrs['keep'] === 1 ? kept : kept.filter((_, axis) => !axes.includes(axis));
  return { data: summed.data, shape };
};

const matmul: Kernel = (_node, [a, b]) => {
  const [rows, inner] = a!.shape.slice(-2) as [number, number];
  const columns = b!.shape[b!.shape.length - 1]!;
  const batch = broadcastSizes(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
  const left = spread(a!, [...batch, rows, inner]);
  const right = spread(b!, [...batch, inner, columns]);
  const data = new Float64Array(sizeOfShape(batch) * rows * columns);
  for (let i = 0; i < data.length; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const matrix = Math.floor(row / rows);
    for (let k = 0; k < inner; k++)
      data[i]! += left[row * inner + k]! * right[(matrix * inner + k) * columns + column]!;
  }
  return { data, shape: [...batch, rows, columns] };
};

function lastAxis(x: Value): number {
  return x.shape[x.shape.length - 1]!;
}

/** Rows of the table, in the place of each index. */
const gather: Kernel = (_node, [table, indices]) =>
  fill([...indices!.shape, ...table!.shape.slice(1)], (index) => {
    const row = read(indices!, index.slice(0, indices!.shape.length));
    return read(table!, [row, ...index.slice(indices!.shape.length)]);
  });

const scatterAdd: Kernel = (node, [values, indices], sizes) => {
  const shape = sizesOf(node.shape, sizes);
  const rank = indices!.shape.length;
  return accumulate(values!, shape, (index) =>
    offsetOf([read(indices!, index.slice(0, rank)), ...index.slice(rank)], shape),
  );
};

const concat: Kernel = (_node, inputs) => {
  const width = inputs.reduce((total, x) => total + lastAxis(x), 0);
  return fill([...inputs[0]!.shape.slice(0, -1), width], (index) => {
    let column = index[index.length - 1]!;
    for (const x of inputs) {
      if (column < lastAxis(x)) return read(x, [...index.slice(0, -1), column]);
      column -= lastAxis(x);
    }
    throw new Error('a column past the last input');
  });
};

/** Reads x at columns moved by `start`; what lies outside is 0. */
function columns(x: Value, start: number, width: number): Value {
  return fill([...x.shape.slice(0, -1), width], (index) => {
    const column = index[index.length - 1]! + start;
    return column < 0 || column >= lastAxis(x) ? 0 : read(x, [...index.slice(0, -1), column]);
  });
}

function constantValue(node: Node): Value {
  const data = node.attrs['data'] as TensorData;
  return { data: Float64Array.from(data as ArrayLike<number>, Number), shape: node.shape as number[] };
}

export const KERNELS: ReadonlyMap<string, Kernel> = new Map<string, Kernel>([
  [
    'input',
    () => {
      throw new Error('an input is fed');
    },
  ],
  ['constant', constantValue],
  ['add', binary((a, b) => a + b)],
  ['sub', binary((a, b) => a - b)],
  ['mul', binary((a, b) => a * b)],
  ['div', binary((a, b) => a / b)],
  ['neg', unary((x) => -x)],
  ['exp', unary(Math.exp)],
  ['log', unary(Math.log)],
  ['sqrt', unary(Math.sqrt)],
  ['tanh', unary(Math.tanh)],
  ['sigmoid', unary(sigmoid)],
  ['softplus', unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))))],
  ['relu', unary((x) => Math.max(x, 0))],
  ['step', unary((x) => (x > 0 ? 1 : 0))],
  ['detach', unary((x) => x)],
  [
    'expand',
    (node, [x], sizes) => {
      const shape = sizesOf(node.shape, sizes);
      return { data: spread(x!, shape), shape };
    },
  ],
  ['sum', sum],
  ['reshape', (node, [x], sizes) => ({ data: x!.data.slice(), shape: sizesOf(node.shape, sizes) })],
  [
    'transpose',
    (_node, [x]) => {
      const swap = (index: readonly number[]): number[] => [
        ...index.slice(0, -2),
        index[index.length - 1]!,
        index[index.length - 2]!,
      ];
      return fill(swap(x!.shape), (index) => read(x!, swap(index)));
    },
  ],
  ['concat', concat],
  [
    'slice',
    (node, [x]) =>
      columns(x!, numberAttr(node, 'start'), numberAttr(node, 'end') - numberAttr(node, 'start')),
  ],
  [
    'pad',
    (node, [x]) => {
      const before = numberAttr(node, 'before');
      return columns(x!, -before, before + lastAxis(x!) + numberAttr(node, 'after'));
    },
  ],
  ['matmul', matmul],
  ['gather', gather],
  ['scatterAdd', scatterAdd],
]);
