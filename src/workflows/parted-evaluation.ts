// Where an evaluation that was recorded and one that was made again part: the first value, by the names of what it is of.
import { isObject } from '../config/layers.js';

/** A value of which the two say otherwise. */
export interface PartedValue {
  /** `models › limaml › metrics › auc › value`. */
  readonly name: string;
  /** Null where one has none. */
  readonly values: readonly [Leaf | null, Leaf | null];
}

export interface ComparedEvaluation {
  /** Values that were held against each other. */
  readonly values: number;
  /** Largest difference of two numbers. */
  readonly largest: number;
  readonly parted: PartedValue | null;
}

interface Tolerance {
  /** What two numbers may differ by: absolute up to 1, relative above; 0 for the last digit. */
  readonly numbers: number;
  /** Words are those of a program: another one says the same in others, and measures more. */
  readonly sameProgram: boolean;
}

type Leaf = string | number | boolean | null;

/** Where it lies and when it was written is no result. */
const PLACES = ['path', 'scores', 'files'];

/** Both as they are in JSON. */
export function partedEvaluation(
  recorded: object,
  found: object,
  { numbers, sameProgram }: Tolerance,
): ComparedEvaluation {
  const [before, now] = [leavesOf(recorded), leavesOf(found)];
  let values = 0;
  let largest = 0;
  const part = (name: string): ComparedEvaluation => ({
    values,
    largest,
    parted: { name, values: [before.get(name) ?? null, now.get(name) ?? null] },
  });
  for (const [name, value] of before) {
    const other = now.get(name);
    if (typeof value === 'string' && !(sameProgram && numbers === 0)) continue;
    if (typeof value === 'number' && typeof other === 'number') {
      const difference = Math.abs(value - other);
      if (difference > numbers * Math.max(1, Math.abs(value))) return part(name);
      largest = Math.max(largest, difference);
    } else if (value !== other) return part(name);
    values++;
  }
  const more = sameProgram ? [...now.keys()].find((name) => !before.has(name)) : undefined;
  return more === undefined ? { values, largest, parted: null } : part(more);
}

/** Every value by its name, in the order of the file. */
function leavesOf(evaluation: object): ReadonlyMap<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const walk = (value: unknown, path: readonly string[]): void => {
    if (Array.isArray(value)) {
      const names = namesOf(value);
      for (const [i, item] of value.entries()) walk(item, [...path, names[i]!]);
    } else if (isObject(value)) {
      for (const [key, item] of Object.entries(value))
        if (path.length > 0 || !PLACES.includes(key)) walk(item, [...path, key]);
    } else leaves.set(path.join(' › '), value as Leaf);
  };
  walk(JSON.parse(JSON.stringify(evaluation)), []);
  return leaves;
}

/** What tells the elements of a list apart where they say so, else their places. */
function namesOf(items: readonly unknown[]): readonly string[] {
  const names = items.map((item) =>
    isObject(item)
      ? ['model', 'baseline', 'metric', 'by', 'value', 'name', 'label']
          .flatMap((key) => (typeof item[key] === 'string' ? [item[key]] : []))
          .join(' ')
      : '',
  );
  const telling = names.every((name) => name !== '') && new Set(names).size === names.length;
  return telling ? names : items.map((_, i) => String(i + 1));
}
