// The raw values that a model's groups read, as a serving process feeds them.

import { TAKEN_NAMES } from '../../bundle/format/files.js';
import type { RawInput } from '../../bundle/format/raw-input.js';
import { InternalError, UserError } from '../../errors.js';
import type { Field, FieldGroup } from '../../models/contract/fields.js';
import type { FeatureSpec } from '../../prepared/manifest.js';

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
  if (TAKEN_NAMES.includes(name))
    throw new UserError({
      code: 'EXPORT_NAME_TAKEN',
      where: `feature ${name}`,
      what: `The files of a bundle use this name themselves, as they do ${TAKEN_NAMES.filter((taken) => taken !== name).join(', ')}.`,
      next: 'Rename the feature in the descriptor and train again.',
    });
  if (spec.kind === 'multi') return { name, side, kind: 'categories', spec };
  const number = spec.kind === 'numeric' || spec.edges !== undefined;
  return { name, side, kind: number ? 'number' : 'category', spec };
}
