// What a run is fed, checked against what a program asks for.

import { InternalError } from '../errors.js';
import { type DimSizes, sizesOf } from '../graph/ir/dims.js';
import type { DType, Node } from '../graph/ir/node.js';
import type { Feeds, Tensor } from './executor.js';

/**
 * The sizes that named dims have in one run, read from the fed inputs. Throws InternalError when an input is missing, has
 * another type, rank or size than it declares, or when two inputs disagree on a name: each would be a fault of ours.
 */
export function bindSizes(inputs: ReadonlyMap<string, Node>, feeds: Feeds): DimSizes {
  const sizes: Record<string, number> = {};
  for (const [name, node] of inputs) {
    const fed = feeds[name];
    if (fed === undefined) throw new InternalError(`input "${name}" is not fed`);
    if (typeOf(fed) !== node.dtype)
      throw new InternalError(`input "${name}" is fed ${typeOf(fed)}, it takes ${node.dtype}`);
    if (fed.shape.length !== node.shape.length) throw mismatch(name, node, fed);
    node.shape.forEach((dim, axis) => {
      if (typeof dim === 'string' && !dim.includes('*')) sizes[dim] ??= fed.shape[axis]!;
    });
  }
  for (const [name, node] of inputs)
    if (String(sizesOf(node.shape, sizes)) !== String(feeds[name]!.shape))
      throw mismatch(name, node, feeds[name]!);
  return sizes;
}

function mismatch(name: string, node: Node, fed: Tensor): InternalError {
  return new InternalError(`input "${name}" is fed [${fed.shape}], it takes [${node.shape}]`);
}

function typeOf({ data }: Tensor): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  return data instanceof BigInt64Array ? 'int64' : 'string';
}
