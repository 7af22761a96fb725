// Dimensions of a tensor: numbers, or names that stay open until the graph is fed (`tasks`, `support`, `query`, `rows`).

/** A fixed size, a name, or a product of names and sizes written `a*b`. */
export type Dim = number | string;
export type Shape = readonly Dim[];
/** The sizes that names stand for in one run. */
export type DimSizes = Readonly<Record<string, number>>;

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** Product of dims; names are kept in order and numbers come last, e.g. ['tasks*2', 'support', 3] → 'tasks*support*6'. */
export function productOf(dims: Shape): Dim {
  let size = 1;
  const names: string[] = [];
  for (const factor of dims.flatMap((dim) => String(dim).split('*'))) {
    if (/^\d+$/.test(factor)) size *= Number(factor);
    else names.push(factor);
  }
  if (names.length === 0) return size;
  return size === 1 ? names.join('*') : `${names.join('*')}*${size}`;
}

/** The number a dim stands for. Throws when a name has no size. */
export function sizeOf(dim: Dim, sizes: DimSizes): number {
  if (typeof dim === 'number') return dim;
  return dim.split('*').reduce((product, part) => {
    const size = /^\d+$/.test(part) ? Number(part) : sizes[part];
    if (size === undefined) throw new Error(`dimension "${part}" has no size`);
    return product * size;
  }, 1);
}

export function sizesOf(shape: Shape, sizes: DimSizes): number[] {
  return shape.map((dim) => sizeOf(dim, sizes));
}

/** Shape of an element-wise result (NumPy broadcasting). Throws when two dims differ and neither is 1. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[a.length - rank + axis] ?? 1;
    const right = b[b.length - rank + axis] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new Error(`shapes [${a}] and [${b}] do not broadcast`);
  });
}
