// The planted items: articles with categories, a format and four numeric attributes, and their place in the taste space.
import { randomStream } from '../random.js';
import type { SyntheticOptions } from './options.js';
import { standardise } from './standardise.js';

export const CATEGORIES = [
  'arts',
  'business',
  'climate',
  'food',
  'games',
  'health',
  'law',
  'science',
] as const;
export const FORMATS = ['text', 'video', 'audio'] as const;
/** Numeric attributes in column order. `minutes` is log-normal, the rest are scores between 0 and 10. */
export const ATTRIBUTES = ['minutes', 'difficulty', 'humour', 'novelty'] as const;
/** Observable coordinates of an item: one a category (1 / categories of the item), then the attributes. */
export const OBSERVABLES = CATEGORIES.length + ATTRIBUTES.length;

export interface PlantedItems {
  readonly count: number;
  /** Bit c is set when the item is in category c; one to three are. */
  readonly categories: Uint8Array;
  readonly format: Uint8Array;
  /** [items * 4] raw values as written to the file. */
  readonly attributes: Float64Array;
  /** [items * OBSERVABLES]: what a model can see, attributes standardised. */
  readonly observables: Float64Array;
  /** [items * tasteDimensions]: an affine image of the observables, each dimension of unit variance. */
  readonly coordinates: Float64Array;
  /** [items]: unobservable quality in logits. */
  readonly quality: Float64Array;
  /** Day of launch; negative for items older than the log. */
  readonly launchDay: Float64Array;
  /** Relative share of exposures. */
  readonly popularity: Float64Array;
}

/** Draws the items from the stream `items`; the map from observables to taste coordinates from `taste map`. */
export function plantItems(options: SyntheticOptions, seed: number): PlantedItems {
  const random = randomStream(seed, 'synthetic', 'items');
  const count = options.items;
  const categories = new Uint8Array(count);
  const format = new Uint8Array(count);
  const attributes = new Float64Array(count * ATTRIBUTES.length);
  const observables = new Float64Array(count * OBSERVABLES);
  const quality = new Float64Array(count);
  const launchDay = new Float64Array(count);
  const popularity = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const wanted = 1 + random.integer(3);
    for (let k = 0; k < wanted; k++)
      categories[i] = categories[i]! | (1 << random.integer(CATEGORIES.length));
    const held = bitCount(categories[i]!);
    for (let c = 0; c < CATEGORIES.length; c++)
      observables[i * OBSERVABLES + c] = (categories[i]! >> c) & 1 ? 1 / held : 0;
    format[i] = random.integer(FORMATS.length);
    for (let a = 0; a < ATTRIBUTES.length; a++) {
      const normal = Math.max(-2.5, Math.min(2.5, random.normal()));
      attributes[i * ATTRIBUTES.length + a] =
        a === 0 ? rounded(Math.exp(1.5 + 0.6 * normal), 1) : rounded(5 + 2 * normal, 1);
      observables[i * OBSERVABLES + CATEGORIES.length + a] = normal;
    }
    quality[i] = options.qualityScale * random.normal();
    launchDay[i] = random.uniform() < options.newItemShare ? random.uniform() * options.days : -1;
    popularity[i] = Math.exp(random.normal());
  }
  const coordinates = tasteCoordinates(observables, options.tasteDimensions, seed);
  return {
    count,
    categories,
    format,
    attributes,
    observables,
    coordinates,
    quality,
    launchDay,
    popularity,
  };
}

/** [items * dimensions]: random loadings on the observables, standardised over items. */
function tasteCoordinates(observables: Float64Array, dimensions: number, seed: number): Float64Array {
  const random = randomStream(seed, 'synthetic', 'taste map');
  const count = observables.length / OBSERVABLES;
  const coordinates = new Float64Array(count * dimensions);
  for (let d = 0; d < dimensions; d++) {
    // A category's indicator varies less over items than an attribute does; the factor makes them weigh alike.
    const loadings = Array.from({ length: OBSERVABLES }, (_, o) =>
      o < CATEGORIES.length ? 2.5 * random.normal() : random.normal(),
    );
    const column = new Float64Array(count);
    for (let i = 0; i < count; i++)
      for (let o = 0; o < OBSERVABLES; o++)
        column[i] = column[i]! + loadings[o]! * observables[i * OBSERVABLES + o]!;
    standardise(column).forEach((value, i) => {
      coordinates[i * dimensions + d] = value;
    });
  }
  return coordinates;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

function rounded(value: number, places: number): number {
  return Number(value.toFixed(places));
}
