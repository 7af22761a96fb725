// The raw values that a model's groups read, as a serving process feeds them.

import { InternalError, UserError } from '../../errors.js';
import type { Field, FieldGroup } from '../../models/fields.js';
import type { FeatureSide } from '../../prepared/format.js';
import type { FeatureSpec } from '../../prepared/manifest.js';

/** What an input holds: an ID, a category, several categories, or a number. */
export type RawKind = 'id' | 'category' | 'categories' | 'number';

/** One raw value a row brings. Its name is that of the ONNX input, the CSV column and the Parquet column. */
export interface RawInput {
  readonly name: string;
  readonly side: FeatureSide;
  readonly kind: RawKind;
  /** Absent for IDs. */
  readonly spec?: FeatureSpec;
}

/** Names that the graphs and the tables of a bundle use for themselves. */
const TAKEN = ['vector', 'probability', 'entity', 'item', 'label', 'mask', 'place', 'timestamp_ms'];

/** The inputs that the groups' fields read, each once, in the order of the fields. */
export function rawInputs(groups: readonly FieldGroup[]): readonly RawInput[] {
  const inputs = new Map<string, RawInput>();
  for (const group of groups)
    for (const { field } of group.fields)
      for (const plain of plainFields(field)) {
        const input = rawInput(plain);
        if (!inputs.has(input.name)) inputs.set(input.name, input);
      }
  return [...inputs.values()];
}

/** A field itself, or the two that it crosses. */
function plainFields(field: Field): readonly Field[] {
  const { source } = field;
  return source.kind === 'cross' ? [...plainFields(source.left), ...plainFields(source.right)] : [field];
}

/** The input of a field that is no cross product. */
export function rawInput({ name, source }: Field): RawInput {
  switch (source.kind) {
    case 'entityId':
      return { name: 'entity', side: 'entity', kind: 'id' };
    case 'itemId':
      return { name: 'item', side: 'item', kind: 'id' };
    case 'feature':
      return featureInput(source.spec);
    case 'cross':
      throw new InternalError(`"${name}" is a cross product, which is made of two inputs`);
  }
}

function featureInput(spec: FeatureSpec): RawInput {
  const { name, side } = spec;
  if (TAKEN.includes(name))
    throw new UserError({
      code: 'EXPORT_NAME_TAKEN',
      where: `feature ${name}`,
      what: `The files of a bundle use this name themselves, as they do ${TAKEN.filter((taken) => taken !== name).join(', ')}.`,
      next: 'Rename the feature in the descriptor and train again.',
    });
  if (spec.kind === 'multi') return { name, side, kind: 'categories', spec };
  const number = spec.kind === 'numeric' || spec.edges !== undefined;
  return { name, side, kind: number ? 'number' : 'category', spec };
}

/** The spec of an input that is a feature. */
export function specOf(input: RawInput): FeatureSpec {
  if (input.spec === undefined) throw new InternalError(`"${input.name}" is no feature`);
  return input.spec;
}
