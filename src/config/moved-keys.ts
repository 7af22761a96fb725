// Keys of a recipe that were moved to another section: the old ones are still read, with a word on the new ones.
import { executionSchema } from '../engine/execution-config.js';
import { hashJson } from '../hash.js';
import type { Fault } from './faults.js';
import { dotted, isObject, type Override, valueAt, withValue } from './layers.js';
import type { Path, YamlFile } from './read-yaml.js';

interface MovedKey {
  readonly from: readonly [string, string];
  readonly to: readonly [string, string];
}

/** How things run was among the options of training. */
const MOVED: readonly MovedKey[] = Object.keys(executionSchema.shape).map((key) => ({
  from: ['training', key],
  to: ['execution', key],
}));

export interface Modernised {
  readonly tree: unknown;
  /** The keys that were found at their old place. */
  readonly moved: readonly MovedKey[];
  /** A key given at both places, with two values. */
  readonly faults: readonly Fault[];
}

/** The tree with every moved key at its new place. */
export function moveKeys(tree: unknown): Modernised {
  const moved = MOVED.filter(({ from }) => valueAt(tree, from) !== undefined);
  const faults: Fault[] = [];
  let result = tree;
  for (const { from, to } of moved) {
    const [old, now] = [valueAt(tree, from), valueAt(tree, to)];
    result = withoutKey(result, from);
    if (now === undefined) result = withValue(result, to, old);
    else if (hashJson(now) !== hashJson(old))
      faults.push({
        code: 'CONFIG_RULE',
        path: from,
        what: `"${dotted(from)}" is "${dotted(to)}" now, and that is given too, with another value.`,
        next: `Keep ${dotted(to)} alone.`,
      });
  }
  return { tree: result, moved, faults };
}

/** A file whose tree is modernised; the place of a new key is that of the old one. */
export function moveKeysOfFile(file: YamlFile): { readonly file: YamlFile; readonly found: Modernised } {
  const found = moveKeys(file.value);
  const origin = (path: Path): Path =>
    found.moved.find(({ to }) => path.length === 2 && to.every((step, i) => step === path[i]))?.from ?? path;
  return {
    file: {
      file: file.file,
      value: found.tree,
      originOf: (path) => file.originOf(path) ?? file.originOf(origin(path)),
    },
    found,
  };
}

/** The same for flags, of which each keeps the name it was typed with. */
export function moveKeysOfOverrides(overrides: readonly Override[]): {
  readonly overrides: readonly Override[];
  readonly moved: readonly MovedKey[];
} {
  const all: MovedKey[] = [];
  const split = (override: Override): readonly Override[] => {
    const whole = withValue(undefined, override.path, override.value);
    const { moved, tree } = moveKeys(whole);
    if (moved.length === 0) return [override];
    all.push(...moved);
    const rest = valueAt(tree, override.path);
    return [
      ...(isObject(rest) ? [{ ...override, value: rest }] : []),
      ...moved.map(({ to }) => ({ path: to, value: valueAt(tree, to), flag: override.flag })),
    ];
  };
  return { overrides: overrides.flatMap(split), moved: all };
}

/** What to tell whoever wrote the old keys. */
export function movedNotes(moved: readonly MovedKey[]): readonly string[] {
  return [...new Set(moved)].map(
    ({ from, to }) => `${dotted(from)} is ${dotted(to)} now; the old key is still read`,
  );
}

function withoutKey(tree: unknown, [section, key]: readonly [string, string]): unknown {
  const { [key]: _, ...rest } = valueAt(tree, [section]) as Readonly<Record<string, unknown>>;
  return withValue(tree, [section], rest);
}
