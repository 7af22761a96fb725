// What a schema allows, read from its JSON Schema: the known keys at a place, and the list of all options for the help.
import { z } from 'zod';

/** The part of JSON Schema that zod writes and we read. */
export interface ShapeNode {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, ShapeNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | ShapeNode;
  readonly items?: ShapeNode | boolean;
  readonly anyOf?: readonly ShapeNode[];
  readonly oneOf?: readonly ShapeNode[];
  readonly allOf?: readonly ShapeNode[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** Schemas are made once and never changed; writing one out takes longer than checking a tree by it. */
const shapes = new WeakMap<z.ZodType, ShapeNode>();

export function shapeOf(schema: z.ZodType): ShapeNode {
  const known = shapes.get(schema);
  if (known !== undefined) return known;
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as ShapeNode;
  shapes.set(schema, shape);
  return shape;
}

/** What may stand under the keys of an object. */
interface KnownKeys {
  readonly properties: Readonly<Record<string, ShapeNode>>;
  /** Shape of any other key; undefined when there may be none. */
  readonly others: ShapeNode | undefined;
}

/** Keys that `value` may have at this node: of every form it could be, or of the one its discriminator names. */
export function knownKeys(node: ShapeNode, value: Readonly<Record<string, unknown>>): KnownKeys | undefined {
  const forms = formsOf(node).filter(
    (form) => form.properties !== undefined || form.additionalProperties !== undefined,
  );
  if (forms.length === 0) return undefined;
  const fitting = forms.filter((form) =>
    Object.entries(form.properties ?? {}).every(
      ([key, inner]) => inner.const === undefined || inner.const === value[key],
    ),
  );
  const chosen = fitting.length > 0 ? fitting : forms;
  const open = chosen
    .map((form) => form.additionalProperties)
    .find((other) => other !== undefined && other !== false);
  return {
    properties: Object.assign({}, ...chosen.map((form) => form.properties ?? {})) as Record<
      string,
      ShapeNode
    >,
    others: open === undefined ? undefined : open === true ? {} : (open as ShapeNode),
  };
}

/** The alternatives a node stands for. */
export function formsOf(node: ShapeNode): readonly ShapeNode[] {
  const inner = node.oneOf ?? node.anyOf ?? node.allOf;
  return inner === undefined ? [node] : inner.flatMap(formsOf);
}

export interface OptionLine {
  /** Dotted path, e.g. `inner.steps`. */
  readonly key: string;
  /** What it takes, in words: `integer ≥ 0`, `adam | sgd`. */
  readonly type: string;
  /** The default as it would be typed; undefined without one. */
  readonly default: string | undefined;
  /** Whether the key must be given. */
  readonly required: boolean;
  readonly summary: string | undefined;
}

/** Every option of a schema as a flat list, nested objects as dotted keys, forms of a union in the order written. */
export function optionLines(schema: z.ZodType): readonly OptionLine[] {
  const lines = new Map<string, OptionLine>();
  const visit = (node: ShapeNode, at: readonly string[], fallback: unknown, required: boolean): void => {
    const inside = insideOf(node);
    if (inside !== undefined) {
      visit(inside.node, [...at.slice(0, -1), `${at.at(-1)}${inside.mark}`], undefined, false);
      return;
    }
    const objects = formsOf(node).filter((form) => form.properties !== undefined);
    const given = node.default ?? fallback;
    if (objects.length === 0) {
      const key = at.join('.');
      const known = lines.get(key);
      // The word that tells the forms of a union apart.
      if (
        known !== undefined &&
        node.const !== undefined &&
        !known.type.split(' | ').includes(String(node.const))
      )
        lines.set(key, { ...known, type: `${known.type} | ${String(node.const)}` });
      if (known === undefined)
        lines.set(key, {
          key,
          type: typeText(node),
          default: given === undefined || typeof given === 'string' ? given : JSON.stringify(given),
          required,
          summary: node.description,
        });
      return;
    }
    for (const form of objects)
      for (const [name, inner] of Object.entries(form.properties ?? {}))
        visit(
          inner,
          [...at, name],
          at.length > 0 ? valueAt(given, name) : undefined,
          required && form.required?.includes(name) === true,
        );
  };
  visit(shapeOf(schema), [], undefined, true);
  return [...lines.values()];
}

/** What stands in every item of a list, or under every name of a mapping, where that is a mapping itself. */
function insideOf(node: ShapeNode): { readonly node: ShapeNode; readonly mark: string } | undefined {
  const [form, ...others] = formsOf(node);
  if (form === undefined || others.length > 0) return undefined;
  const { type, items, properties, additionalProperties: other } = form;
  const isMapping = (inner: unknown): inner is ShapeNode =>
    typeof inner === 'object' && formsOf(inner as ShapeNode).some((one) => one.properties !== undefined);
  if (type === 'array' && isMapping(items)) return { node: items, mark: '[]' };
  return properties === undefined && isMapping(other) ? { node: other, mark: '.<name>' } : undefined;
}

function valueAt(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
}

/** `integer ≥ 1`, `0 ≤ number < 1`, `mean | sum`, `list of integer ≥ 1`. */
function typeText(node: ShapeNode): string {
  if (node.const !== undefined) return String(node.const);
  if (node.enum !== undefined) return node.enum.map(String).join(' | ');
  const forms = formsOf(node);
  if (forms.length > 1) return [...new Set(forms.map(typeText))].join(' | ');
  if (node.type === 'array')
    return `list of ${typeof node.items === 'object' ? typeText(node.items) : 'values'}`;
  if (node.type === 'number' || node.type === 'integer') {
    const low =
      node.exclusiveMinimum !== undefined ? ` > ${node.exclusiveMinimum}` : bounded(node.minimum, '≥');
    const high =
      node.exclusiveMaximum !== undefined ? ` < ${node.exclusiveMaximum}` : bounded(node.maximum, '≤');
    return `${node.type}${low}${low !== '' && high !== '' ? ',' : ''}${high}`;
  }
  if (node.type === 'boolean') return 'true | false';
  if (node.type === 'object') return 'mapping';
  return typeof node.type === 'string' ? (node.type === 'string' ? 'text' : node.type) : 'value';
}

/** zod writes the safe-integer limits for every integer; they say nothing to a reader. */
function bounded(limit: number | undefined, sign: string): string {
  return limit === undefined || Math.abs(limit) >= Number.MAX_SAFE_INTEGER ? '' : ` ${sign} ${limit}`;
}
