// An exported graph described for the manifest: its inputs and outputs, with types, shapes and meanings.

import { SUPPORT, SUPPORT_LABEL, SUPPORT_MASK, VECTOR } from '../../bundle/format/files.js';
import type { GraphDescription } from '../../bundle/format/graph-description.js';
import type { RawInput } from '../../bundle/format/raw-input.js';
import { programInputs } from '../../graph/onnx/model.js';
import type { FeatureDescriptor } from '../../prep/descriptor/features.js';
import type { LoggedDescriptor } from '../../prep/descriptor/logged.js';
import type { Program } from '../../runtime/executor.js';

const FIXED: Readonly<Record<string, string>> = {
  [VECTOR]: "The entity's meta embedding: its row of embeddings.parquet, else its prior.",
  [SUPPORT_LABEL]: 'Whether the support row was a click: 1 or 0.',
  [SUPPORT_MASK]: '1 for a support row, 0 for padding. Rows are oldest first, padding comes last.',
  probability: 'Probability of a click.',
};

/** Describes a program's inputs and outputs. */
export function describeGraph(
  file: string,
  program: Program,
  raw: readonly RawInput[],
  descriptor: LoggedDescriptor,
): GraphDescription {
  const meaning = (name: string): string => {
    const fixed = FIXED[name];
    if (fixed !== undefined) return fixed;
    const plain = name.startsWith(SUPPORT) ? name.slice(SUPPORT.length) : name;
    const input = raw.find((candidate) => candidate.name === plain);
    return input === undefined ? '' : meaningOf(input, descriptor);
  };
  return {
    file,
    inputs: [...programInputs(program)].map(([name, { dtype, shape }]) => ({
      name,
      dtype,
      shape,
      meaning: meaning(name),
    })),
    outputs: Object.entries(program.outputs).map(([name, { dtype, shape }]) => ({
      name,
      dtype,
      shape,
      meaning: name === VECTOR ? 'The adapted meta embedding.' : meaning(name),
    })),
  };
}

function meaningOf(input: RawInput, { columns, features }: LoggedDescriptor): string {
  const feature = features?.find(({ name }) => name === input.name);
  switch (input.kind) {
    case 'id': {
      const named = columns?.[input.side === 'entity' ? 'entity' : 'item'];
      const column = named === undefined ? '' : ` (${[named].flat().join(' | ')})`;
      return `ID of the ${input.side}${column} as text; one that the model did not learn counts as unknown.`;
    }
    case 'category':
      return `Category of the ${input.side} as text${cleaning(feature)}; "" or any text not learned is unknown.`;
    case 'categories':
      return `Categories of the ${input.side}, each once${atMost(feature)}, padded with ""; texts not learned are left out.`;
    case 'number':
      return `Number of the ${input.side} in raw units${unit(feature)}; NaN where missing.`;
  }
}

function cleaning(feature: FeatureDescriptor | undefined): string {
  if (feature?.kind === 'time')
    return `: ${feature.part} of the event, UTC${minutes(feature.utcOffsetMinutes)}`;
  if (feature?.kind !== 'categorical') return '';
  const parts = [
    feature.pattern === undefined ? '' : `first group of the pattern ${feature.pattern}`,
    feature.prefix === undefined ? '' : `first ${feature.prefix} characters`,
  ].filter(Boolean);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

const minutes = (offset: number): string => (offset === 0 ? '' : `${offset > 0 ? '+' : ''}${offset} min`);

const atMost = (feature: FeatureDescriptor | undefined): string =>
  feature?.kind === 'multi' ? `, the first ${feature.max} of them` : '';

function unit(feature: FeatureDescriptor | undefined): string {
  if (feature?.kind === 'elapsed') return ' (days from the date to the event, at least 0)';
  if (feature?.kind !== 'history') return '';
  const back = feature.days === undefined ? '' : ` in the ${feature.days} days before`;
  return ` (${feature.statistic} of the ${feature.of}'s events${back}, the event itself not counted)`;
}
