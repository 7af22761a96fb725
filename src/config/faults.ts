// Checks a tree against a schema and says everything that is wrong with it, in words a user can act on.
import type { z } from 'zod';
import { UserError } from '../errors.js';
import { nearestName } from '../nearest-name.js';
import { dotted, isObject, type Layered, valueAt } from './layers.js';
import type { Path } from './read-yaml.js';
import { formsOf, knownKeys, type ShapeNode, shapeOf } from './schema-options.js';

/** One thing wrong, at a place in the tree. */
export interface Fault {
  readonly code: string;
  readonly path: Path;
  readonly what: string;
  readonly next?: string;
}

type Issue = z.core.$ZodIssue;

/** Faults as errors that name file, line and column, or the flag that brought the value in. */
export function faultsToErrors(faults: readonly Fault[], layered: Layered): readonly UserError[] {
  return faults.map(
    ({ code, path, what, next }) =>
      new UserError({ code, where: layered.whereIs(path), what, ...(next === undefined ? {} : { next }) }),
  );
}

type Checked<T> = { readonly value: T; readonly faults?: never } | { readonly faults: readonly Fault[] };

/**
 * Parses `tree` with `schema`, defaults filled in. `at` is where the tree hangs in the whole document, `inWhat` how a message
 * names it (`"limaml"`). Keys the schema does not know are faults even where the schema would drop them.
 */
export function checkTree<S extends z.ZodType>(
  schema: S,
  tree: unknown,
  at: Path = [],
  inWhat = '',
): Checked<z.output<S>> {
  const unknown = unknownKeys(shapeOf(schema), tree, at, inWhat);
  const parsed = schema.safeParse(tree);
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => issueFaults(issue, tree, at));
  const told = new Set(unknown.map(({ path }) => dotted(path)));
  const faults = [
    ...unknown,
    ...issues.filter(({ code, path }) => code !== 'CONFIG_UNKNOWN_KEY' || !told.has(dotted(path))),
  ];
  return parsed.success && faults.length === 0 ? { value: parsed.data } : { faults };
}

/** `CONFIG_UNKNOWN_KEY` for a key under `parent`, with the nearest valid one. */
function unknownKey(
  path: Path,
  known: readonly string[],
  inWhat: string,
  places: ReadonlyMap<string, readonly string[]> = new Map(),
): Fault {
  const key = String(path.at(-1));
  const parent = dotted(path.slice(0, -1));
  const place = [parent === '' ? 'a recipe' : parent, inWhat].filter(Boolean).join(' of ');
  const close = nearestName(key, known);
  const word = close === undefined && !places.has(key) ? nearestName(key, [...places.keys()]) : key;
  const elsewhere = word === undefined ? undefined : places.get(word);
  return {
    code: 'CONFIG_UNKNOWN_KEY',
    path,
    what: `There is no "${key}" in ${place}.${close === undefined ? '' : ` Closest: "${close}".`}`,
    next:
      elsewhere !== undefined && close === undefined
        ? `"${word}" is known as ${elsewhere.join(' and ')}.`
        : `Known here: ${[...known].sort().join(', ')}.`,
  };
}

function unknownKeys(root: ShapeNode, tree: unknown, at: Path, inWhat: string): readonly Fault[] {
  const everywhere = keyPlaces(root, dotted(at));
  const visit = (node: ShapeNode, value: unknown, path: Path): readonly Fault[] => {
    if (Array.isArray(value)) {
      const items = formsOf(node).find((form) => typeof form.items === 'object')?.items;
      return typeof items === 'object' ? value.flatMap((item, i) => visit(items, item, [...path, i])) : [];
    }
    if (!isObject(value)) return [];
    const known = knownKeys(node, value);
    if (known === undefined) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
      const shape = known.properties[key] ?? known.others;
      return shape === undefined
        ? [unknownKey([...path, key], Object.keys(known.properties), inWhat, everywhere)]
        : visit(shape, inner, [...path, key]);
    });
  };
  return visit(root, tree, at);
}

/** Dotted places of every key name in a schema, for "you meant it one level down". */
function keyPlaces(root: ShapeNode, at: string): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  const visit = (node: ShapeNode, prefix: string): void => {
    for (const form of formsOf(node))
      for (const [key, inner] of Object.entries(form.properties ?? {})) {
        const place = prefix === '' ? key : `${prefix}.${key}`;
        const known = places.get(key) ?? [];
        if (!known.includes(place)) places.set(key, [...known, place]);
        visit(inner, place);
      }
  };
  visit(root, at);
  return places;
}

function issueFaults(issue: Issue, tree: unknown, at: Path): readonly Fault[] {
  const inside = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const path = [...at, ...inside];
  const value = valueAt(tree, inside);
  const bad = (what: string): Fault => ({ code: 'CONFIG_BAD_VALUE', path, what });
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], [], ''));
    case 'invalid_type':
      return value === undefined
        ? [
            {
              code: 'CONFIG_MISSING_KEY',
              path,
              what: `"${dotted(path)}" must be given: ${expectation(issue.expected)}.`,
            },
          ]
        : [bad(`${article(expectation(issue.expected))} is expected, not ${shown(value)}.`)];
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      const close = nearestName(String(value), allowed);
      if (value === undefined)
        return [
          {
            code: 'CONFIG_MISSING_KEY',
            path,
            what: `"${dotted(path)}" must be given: ${allowed.join(', ')}.`,
          },
        ];
      return [
        bad(
          `${shown(value)} is not one of ${allowed.join(', ')}.${close === undefined ? '' : ` Closest: "${close}".`}`,
        ),
      ];
    }
    case 'too_small':
      return [
        bad(
          `${shown(value)} is too small: ${sizeOf(issue.origin)} ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}.`,
        ),
      ];
    case 'too_big':
      return [
        bad(
          `${shown(value)} is too large: ${sizeOf(issue.origin)} ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}.`,
        ),
      ];
    case 'invalid_union':
      return unionFaults(issue, value, path, bad);
    default:
      return [bad(`${issue.message}${/[.!?]$/.test(issue.message) ? '' : '.'}`)];
  }
}

function unionFaults(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  value: unknown,
  path: Path,
  bad: (what: string) => Fault,
): readonly Fault[] {
  const options = (issue as { options?: readonly unknown[] }).options?.map(String);
  if (options !== undefined) {
    const close = nearestName(String(value), options);
    return [
      value === undefined
        ? {
            code: 'CONFIG_MISSING_KEY',
            path,
            what: `"${dotted(path)}" must be given: ${options.join(', ')}.`,
          }
        : bad(
            `${shown(value)} is not one of ${options.join(', ')}.${close === undefined ? '' : ` Closest: "${close}".`}`,
          ),
    ];
  }
  // The form that got furthest into the value is the one the user meant.
  const depth = (issues: readonly Issue[]): number =>
    Math.max(0, ...issues.map((inner) => inner.path.length));
  const [best] = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length);
  if (best !== undefined && depth(best) > 0) return best.flatMap((inner) => issueFaults(inner, value, path));
  const expected = [
    ...new Set(
      issue.errors
        .flat()
        .map((inner) =>
          inner.code === 'invalid_type'
            ? expectation(inner.expected)
            : inner.code === 'invalid_value'
              ? inner.values.map(String).join(', ')
              : inner.message,
        ),
    ),
  ];
  return [bad(`${shown(value)} fits none of the allowed forms: ${expected.join('; ')}.`)];
}

function expectation(type: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    int: 'whole number',
    object: 'mapping',
    record: 'mapping',
    array: 'list',
    boolean: 'true or false',
  };
  return words[type] ?? type;
}

function article(noun: string): string {
  return noun === 'true or false' ? 'True or false' : noun === 'text' ? 'Text' : `A ${noun}`;
}

function sizeOf(origin: string): string {
  return origin === 'array' || origin === 'string' ? 'its length must be' : 'it must be';
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
