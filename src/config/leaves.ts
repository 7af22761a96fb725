// A configuration tree laid flat: its leaves, each with its path.
import { isObject } from './layers.js';
import type { Path } from './read-yaml.js';

interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

/** Every leaf in the order of the keys. Mappings are opened; a list and an empty mapping are leaves, `undefined` is none. */
export function leavesOf(tree: unknown, path: Path = []): readonly Leaf[] {
  if (isObject(tree) && Object.keys(tree).length > 0)
    return Object.entries(tree).flatMap(([key, value]) => leavesOf(value, [...path, key]));
  return tree === undefined ? [] : [{ path, value: tree }];
}

/** The leaves that say something: without empty mappings. */
export function valuesOf(tree: unknown): readonly Leaf[] {
  return leavesOf(tree).filter(({ value }) => !isObject(value));
}

/** A leaf's value as one text: texts as they are, all else as JSON. */
export function leafText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
