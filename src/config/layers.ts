// A configuration tree made of layers (file, then flags) that remembers where each value came from.
import type { Path } from './read-yaml.js';

/** `default`, `experiments/a/experiment.yaml:12:5`, `--set model.inner.steps=0`. */
export type Origin = string;

export interface Layered {
  /** The merged tree as written, before any default is filled in. */
  readonly value: unknown;
  /** The file that the tree started from, as the user named it. */
  readonly file: string;
  originOf(path: Path): Origin;
  /** Where to send the user for a fault at `path`: the origin of the nearest place that exists, and the dotted path. */
  whereIs(path: Path): string;
}

/** A value put over the file's by a flag. */
export interface Override {
  readonly path: Path;
  readonly value: unknown;
  /** As typed: `--set model.inner.steps=0`, `--seed 2`. */
  readonly flag: Origin;
  /** For a subtree that was copied from elsewhere in the file (`--model` takes `baselines.<name>`). */
  readonly copiedFrom?: Path;
}

/** What overrides are laid over: a file, or a recipe that was resolved before. */
interface Base {
  /** As the user named it. */
  readonly file: string;
  readonly value: unknown;
  /** Undefined for a path that the base does not have. */
  originOf(path: Path): Origin | undefined;
}

/** Lays overrides over a base, in order. Objects along a path are created; anything else in the way is replaced. */
export function layer(base: Base, overrides: readonly Override[]): Layered {
  let value = base.value;
  for (const override of overrides) value = withValue(value, override.path, override.value);

  const originOf = (path: Path): Origin => {
    for (const override of overrides.toReversed()) {
      if (!startsWith(path, override.path)) continue;
      const rest = path.slice(override.path.length);
      if (override.copiedFrom === undefined || rest.length === 0) return override.flag;
      const copied = base.originOf([...override.copiedFrom, ...rest]);
      return copied ?? (hasValue(override.value, rest) ? override.flag : 'default');
    }
    return base.originOf(path) ?? 'default';
  };
  return {
    value,
    file: base.file,
    originOf,
    whereIs: (path) => {
      for (let length = path.length; length > 0; length--) {
        const origin = originOf(path.slice(0, length));
        if (origin !== 'default') return `${origin} › ${dotted(path)}`;
      }
      return path.length === 0 ? base.file : `${base.file} › ${dotted(path)}`;
    },
  };
}

/** `model.hidden[1]`. */
export function dotted(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

function hasValue(tree: unknown, path: Path): boolean {
  return valueAt(tree, path) !== undefined;
}

export function valueAt(tree: unknown, path: Path): unknown {
  let value = tree;
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** A copy of `tree` with `value` at `path`. */
export function withValue(tree: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(tree) && Number.isInteger(Number(step)))
    return Object.assign([...(tree as unknown[])], {
      [step]: withValue((tree as unknown[])[Number(step)], rest, value),
    });
  const object = isObject(tree) ? tree : {};
  return { ...object, [step]: withValue(object[step], rest, value) };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, i) => String(step) === String(path[i]));
}
