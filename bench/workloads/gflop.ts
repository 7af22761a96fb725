// How much arithmetic a setting asks for: the matrix products of the plain hand-batched program, without padding.
//
// A multiply and an add count 2. A product A·B is followed by one of its own size for each factor that needs a gradient;
// the inner gradient's products are products too, and the outer gradient passes through them. An engine may do less
// (split a product, hoist what does not change): its share of the peak is then nominal, and may look too good.
import type { Workload } from './arrays.js';

/** Multiply-adds of one row (or one task, where the meta block sees the entity's features only). */
interface Products {
  readonly metaFirst: number;
  readonly metaSecond: number;
  readonly fromEmbedding: number;
  readonly fromFeatures: number;
  readonly last: number;
}

/** How often each product of the forward pass occurs in a pass. */
type Multiples = Products;

const forward: Multiples = { metaFirst: 1, metaSecond: 1, fromEmbedding: 1, fromFeatures: 1, last: 1 };
/** Gradient of the support loss by the meta block alone: nothing flows to inputs or to the shared block's weights. */
const innerBackward: Multiples = { metaFirst: 1, metaSecond: 2, fromEmbedding: 1, fromFeatures: 0, last: 1 };

/** Gradient of a query or support forward pass by all weights, and by the inputs when embeddings are trained. */
function outerBackward(inputsTrained: boolean): Multiples {
  const inputs = inputsTrained ? 2 : 1;
  return { metaFirst: inputs, metaSecond: 2, fromEmbedding: 2, fromFeatures: inputs, last: 2 };
}

/** Gradient through the inner gradient's own products. */
function throughInner(inputsTrained: boolean): Multiples {
  return { metaFirst: inputsTrained ? 2 : 1, metaSecond: 4, fromEmbedding: 2, fromFeatures: 0, last: 2 };
}

function cost(products: Products, metaRows: number, rows: number, ...passes: readonly Multiples[]): number {
  return passes.reduce(
    (sum, m) =>
      sum +
      metaRows * (m.metaFirst * products.metaFirst + m.metaSecond * products.metaSecond) +
      rows *
        (m.fromEmbedding * products.fromEmbedding +
          m.fromFeatures * products.fromFeatures +
          m.last * products.last),
    0,
  );
}

function productsOf({ arrays, kind, numbers }: Workload): Products {
  const size = (name: string): number => arrays[name]!.data.length;
  const hidden = arrays['V1']!.shape[1]!;
  const embedding = numbers['embedding']! * hidden;
  return {
    metaFirst: kind === 'score' ? 0 : size('W1'),
    metaSecond: kind === 'score' ? 0 : size('W2'),
    fromEmbedding: embedding,
    fromFeatures: size('V1') - embedding,
    last: hidden,
  };
}

/** 10⁹ floating-point operations in the matrix products of one step, averaged over the batches. */
export function gflopOf(workload: Workload): number {
  const { kind, numbers, batches } = workload;
  if (kind.startsWith('rows')) return rowsGflop(workload);
  if (kind === 'replay') return replayGflop(workload);
  const products = productsOf(workload);
  const perBatch = batches.map((batch) => {
    if (kind === 'score') return cost(products, 0, numbers['rows']!, forward);
    const sparse = kind.endsWith('sparse');
    const tasks = numbers['tasks']!;
    const supportRows = sparse ? batch['offsets']!.data[tasks]! : tasks * numbers['support']!;
    const metaRows = sparse ? tasks : supportRows;
    const steps = numbers['innerSteps']!;
    if (kind.startsWith('adapt')) {
      const embed: Multiples = { metaFirst: 1, metaSecond: 1, fromEmbedding: 0, fromFeatures: 0, last: 0 };
      return (
        steps * cost(products, metaRows, supportRows, forward, innerBackward) +
        cost(products, metaRows, 0, embed)
      );
    }
    const queryRows = tasks * numbers['query']!;
    const queryMetaRows = sparse ? tasks : queryRows;
    return (
      steps *
        cost(
          products,
          metaRows,
          supportRows,
          forward,
          innerBackward,
          outerBackward(sparse),
          throughInner(sparse),
        ) +
      cost(products, queryMetaRows, queryRows, forward, outerBackward(sparse))
    );
  });
  return (2 * perBatch.reduce((a, b) => a + b, 0)) / perBatch.length / 1e9;
}

/** Forward, and for every product one by its weights and one by its inputs: embeddings are trained. */
function rowsGflop({ arrays, numbers }: Workload): number {
  const perRow = ['V1', 'V2', 'V3'].reduce((sum, name) => sum + arrays[name]!.data.length, 0);
  return (2 * 3 * numbers['batchRows']! * perRow) / 1e9;
}

/** Mean of the parts: each vector's support through both blocks at every step, its embedding, and the scored rows. */
function replayGflop({ arrays, numbers, batches }: Workload): number {
  const size = (name: string): number => arrays[name]!.data.length;
  const products: Products = {
    metaFirst: size('meta.w0'),
    metaSecond: size('meta.w1'),
    fromEmbedding: size('global.first.vector') + size('global.first.interaction'),
    fromFeatures: size('global.first.features') + size('global.projection'),
    last: size('global.w0'),
  };
  const { vectors, supportRows, innerSteps, scored, parts } = numbers as Readonly<
    Record<'vectors' | 'supportRows' | 'innerSteps' | 'scored' | 'parts', number>
  >;
  const rows = scored * batches[0]!['items']!.shape[0]!;
  const total =
    innerSteps * cost(products, vectors, supportRows, forward, innerBackward) +
    cost(products, vectors, rows, forward);
  return (2 * total) / parts / 1e9;
}
