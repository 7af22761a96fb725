// Collects the ONNX nodes of a graph. Equal nodes are written once: common subexpressions merge here.
import type { Dim, Shape } from '../ir/dims.js';
import { type Constants, ONNX_TYPE, type OnnxAttribute, type OnnxEmitter } from '../ir/emit.js';
import { MessageWriter } from './protobuf.js';

/** True for the names that results inside a graph get; an input or an output of that name would be taken for one. */
export function isInnerName(name: string): boolean {
  return /^_\d+$/.test(name);
}

/** Where a named dim can be read: the input and the axis. */
type DimSource = ReadonlyMap<string, { readonly input: string; readonly axis: number }>;

export class GraphEmitter implements OnnxEmitter {
  readonly nodes: Uint8Array[] = [];
  readonly initializers: Uint8Array[] = [];
  readonly domains = new Set<string>(['']);
  private readonly known = new Map<string, string>();
  private readonly dims: DimSource;

  constructor(dims: DimSource) {
    this.dims = dims;
  }

  node(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain = '',
  ): string {
    return this.once(JSON.stringify([domain, type, inputs, attributes]), (name) => {
      this.domains.add(domain);
      const message = new MessageWriter();
      for (const input of inputs) message.bytes(1, input);
      message.bytes(2, name).bytes(3, name).bytes(4, type);
      for (const [key, value] of Object.entries(attributes)) message.message(5, attribute(key, value));
      if (domain !== '') message.bytes(7, domain);
      this.nodes.push(message.finish());
    });
  }

  scalar(value: number): string {
    return this.once(`scalar ${Object.is(value, -0) ? '-0' : value}`, (name) => {
      this.initializers.push(tensorMessage(name, Float32Array.of(value), []));
    });
  }

  int64s(values: readonly number[]): string {
    return this.once(`int64s ${values.join(',')}`, (name) => {
      this.initializers.push(tensorMessage(name, BigInt64Array.from(values, BigInt), [values.length]));
    });
  }

  initializer(data: Constants, shape: readonly number[]): string {
    if (data instanceof Float32Array && shape.length === 0) return this.scalar(data[0]!);
    const name = this.freshName();
    this.known.set(`initializer ${name}`, name);
    this.initializers.push(tensorMessage(name, data, shape));
    return name;
  }

  shapeTensor(shape: Shape): string {
    if (shape.every((dim) => typeof dim === 'number')) return this.int64s(shape as readonly number[]);
    const parts: string[] = [];
    let numbers: number[] = [];
    const flush = (): void => {
      if (numbers.length > 0) parts.push(this.int64s(numbers));
      numbers = [];
    };
    for (const dim of shape) {
      if (typeof dim === 'number') numbers.push(dim);
      else {
        flush();
        parts.push(this.dimTensor(dim));
      }
    }
    flush();
    return parts.length === 1 ? parts[0]! : this.node('Concat', parts, { axis: 0 });
  }

  reshapeTarget(from: Shape, to: Shape): string {
    // 0 copies the size of the same axis; -1 stands for one size that follows from the rest.
    let open = 0;
    const sizes = to.map((dim, axis) => {
      if (typeof dim === 'number') return dim;
      if (from[axis] === dim && to.slice(0, axis).every((earlier, i) => from[i] === earlier)) return 0;
      open++;
      return -1;
    });
    return open <= 1 ? this.int64s(sizes) : this.shapeTensor(to);
  }

  /** [1] int64: the size of a named dim, or of a product such as `tasks*support`. */
  private dimTensor(dim: Dim): string {
    const factors = String(dim)
      .split('*')
      .map((part) => (/^\d+$/.test(part) ? this.int64s([Number(part)]) : this.namedDim(part)));
    return factors.reduce((product, factor) => this.node('Mul', [product, factor]));
  }

  private namedDim(name: string): string {
    const source = this.dims.get(name);
    if (source === undefined) throw new Error(`no input of the graph has the dimension "${name}"`);
    return this.node('Shape', [source.input], { start: source.axis, end: source.axis + 1 });
  }

  private once(key: string, write: (name: string) => void): string {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const name = this.freshName();
    this.known.set(key, name);
    write(name);
    return name;
  }

  private freshName(): string {
    return `_${this.known.size}`;
  }
}

function attribute(name: string, value: OnnxAttribute): MessageWriter {
  const message = new MessageWriter().bytes(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return message.bytes(4, value).integer(20, 3);
  if ('strings' in value) {
    for (const text of value.strings) message.bytes(9, text);
    return message.integer(20, 8);
  }
  if ('floats' in value) {
    for (const number of value.floats) message.float(7, number);
    return message.integer(20, 6);
  }
  if ('float' in value) return message.float(2, value.float).integer(20, 1);
  for (const number of 'int64s' in value ? value.int64s : value) message.integer(8, number);
  return message.integer(20, 7);
}

/** A TensorProto. */
function tensorMessage(name: string, data: Constants, shape: readonly number[]): Uint8Array {
  const message = new MessageWriter();
  for (const size of shape) message.integer(1, size);
  message.integer(2, ONNX_TYPE[typeOf(data)]);
  if (ArrayBuffer.isView(data))
    message.bytes(8, name).bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  else {
    for (const text of data) message.bytes(6, text);
    message.bytes(8, name);
  }
  return message.finish();
}

function typeOf(data: Constants): keyof typeof ONNX_TYPE {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  return data instanceof BigInt64Array ? 'int64' : 'string';
}
