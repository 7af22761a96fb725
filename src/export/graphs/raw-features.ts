// Graph nodes that turn raw values into the encoded rows a model's blocks take: what prep and `encodeGroup` do in training.

import type { RawInput, RawKind } from '../../bundle/format/raw-input.js';
import type { ModelState } from '../../engine/model-state.js';
import { InternalError } from '../../errors.js';
import type { Shape } from '../../graph/ir/dims.js';
import type { DType, Node } from '../../graph/ir/node.js';
import { add, div, expand, mul, reshape, sub, sum } from '../../graph/ops/algebra.js';
import { step } from '../../graph/ops/elementwise.js';
import { concat } from '../../graph/ops/joining.js';
import { constant, input, tensor } from '../../graph/ops/leaves.js';
import { gather } from '../../graph/ops/lookup.js';
import { bucket, fold, known, standardise, vocabulary } from '../../graph/ops/raw.js';
import type { Field, FieldGroup, TableSpec } from '../../models/contract/fields.js';
import { rawInput } from './raw-inputs.js';
import type { Dictionary } from './vocabularies.js';

/** What encoding needs of a model. */
export interface EncodingParts {
  readonly tables: readonly TableSpec[];
  readonly state: Pick<ModelState, 'tables'>;
  readonly dictionaries: ReadonlyMap<string, Dictionary>;
  /** The graph's inputs made so far, by name; encoders that share it share their inputs. */
  readonly inputs: Map<string, Node>;
}

/** Name and leading dims of a raw input, and the dims that its encoding is to be read as (ones for what is to repeat). */
interface RawPlace {
  readonly name: string;
  readonly leading: Shape;
  readonly as: Shape;
}

const RAW_DTYPE: Readonly<Record<RawKind, DType>> = {
  id: 'string',
  category: 'string',
  categories: 'string',
  number: 'float64',
};

/** Dim of the values of a multi-valued input. */
const valuesDim = (name: string): string => `values_${name}`;

/** Shape of an input: its leading dims, and one more for several values. */
function rawShape(raw: RawInput, leading: Shape): Shape {
  return raw.kind === 'categories' ? [...leading, valuesDim(raw.name)] : leading;
}

/** An index field: its indexes, and for several values a mask of those that are known. */
interface Indexed {
  readonly index: Node;
  readonly known?: Node;
}

/**
 * An encoder of groups over one set of inputs, placed by `place`. Its result for a group has shape [...leading, width],
 * whatever dims the group's own inputs have.
 */
export function rawEncoder(
  parts: EncodingParts,
  leading: Shape,
  place: (raw: RawInput) => RawPlace,
): (group: FieldGroup) => Node {
  const indexes = new Map<string, Indexed>();

  const read = (field: Field): Node => {
    const raw = rawInput(field);
    const { name, leading: own, as } = place(raw);
    const made = parts.inputs.get(name) ?? input(name, rawShape(raw, own), RAW_DTYPE[raw.kind]);
    parts.inputs.set(name, made);
    return reshape(made, rawShape(raw, as));
  };

  const indexOf = (field: Field): Indexed => {
    const made = indexes.get(field.name) ?? makeIndex(field);
    indexes.set(field.name, made);
    return made;
  };

  const makeIndex = (field: Field): Indexed => {
    const { source } = field;
    if (source.kind === 'cross') {
      const left = indexOf(source.left).index;
      const right = indexOf(source.right);
      const aligned = right.known === undefined ? left : reshape(left, [...left.shape, 1]);
      return { ...right, index: fold(aligned, right.index, source.right.size, field.size) };
    }
    if (source.kind === 'feature' && source.spec.kind === 'categorical' && source.spec.edges !== undefined)
      return { index: bucket(read(field), source.spec.edges) };
    const name = source.kind === 'entityId' ? 'entity' : source.kind === 'itemId' ? 'item' : field.name;
    const dictionary = parts.dictionaries.get(name);
    if (dictionary === undefined) throw new InternalError(`no dictionary of "${name}"`);
    const index = vocabulary(read(field), dictionary.keys, dictionary.indexes);
    return field.kind === 'multi' ? { index, known: known(index) } : { index };
  };

  const encode = (field: Field, table: string | null): Node => {
    if (field.kind === 'numeric') {
      if (field.source.kind !== 'feature' || field.source.spec.kind !== 'numeric')
        throw new InternalError(`"${field.name}" is no number`);
      const value = standardise(read(field), field.source.spec.transform);
      return reshape(value, [...value.shape, 1]);
    }
    const indexed = indexOf(field);
    const rows = gather(tableNode(parts, table), indexed.index);
    return indexed.known === undefined ? rows : meanOfKnown(rows, indexed.known);
  };

  return (group) =>
    concat(group.fields.map(({ field, table, dim }) => expand(encode(field, table), [...leading, dim])));
}

/** Mean over the values axis of rows [..., values, dim] where `mask` [..., values] is 1; zeros where it is nowhere. */
function meanOfKnown(rows: Node, mask: Node): Node {
  const axis = mask.shape.length - 1;
  const weighted = mul(rows, reshape(mask, [...mask.shape, 1]));
  const count = sum(mask, [axis], true);
  const divisor = add(count, sub(constant(1), step(count)));
  return div(sum(weighted, [axis]), divisor);
}

function tableNode({ tables, state }: EncodingParts, name: string | null): Node {
  const spec = tables.find((table) => table.name === name);
  const values = name === null ? undefined : state.tables.get(name);
  if (spec === undefined || values === undefined) throw new InternalError(`there is no table "${name}"`);
  // Copied: the state lives in memory that workers share, which a graph should not point into.
  return tensor(new Float32Array(values), [spec.rows, spec.dim]);
}
