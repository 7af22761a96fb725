// The recorded PyTorch losses and gradients of registered models, with the models built as recorded.

import { readFileSync } from 'node:fs';
import type { Model, ModelInputs } from '../../src/models/contract/definition.js';
import { type Field, featureField } from '../../src/models/contract/fields.js';
import { findModel } from '../../src/models/registry.js';
import type { FeatureSide } from '../../src/prepared/format.js';
import type { NumericTransform } from '../../src/prepared/manifest.js';
import { type Value, type Values, value } from '../../src/testing/float64/value.js';

interface Recorded {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface RecordedCase {
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly order: 'first' | 'second';
  readonly feeds: Readonly<Record<string, Recorded>>;
  readonly parameters: readonly string[];
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Recorded>>;
  readonly vector?: Recorded;
}

const FIXTURE: { readonly source: string; readonly cases: readonly RecordedCase[] } = JSON.parse(
  readFileSync(new URL('../fixtures/graph/model-gradients.json', import.meta.url), 'utf8'),
);

const IDENTITY: NumericTransform = { log: false, mean: 0, deviation: 1, missing: 0 };
const number = (name: string, side: FeatureSide): Field =>
  featureField({ name, side, kind: 'numeric', transform: IDENTITY });
const category = (name: string, side: FeatureSide): Field =>
  featureField({ name, side, kind: 'categorical', size: 5 });

/** An entity with a number and a category, an item with a number, an event with a number: widths as in the fixture. */
const INPUTS: ModelInputs = {
  entityId: { name: 'entity', kind: 'categorical', size: 7, source: { kind: 'entityId' } },
  itemId: { name: 'item', kind: 'categorical', size: 6, source: { kind: 'itemId' } },
  entity: [number('age', 'entity'), category('kind', 'entity')],
  item: [number('price', 'item')],
  event: [number('hour', 'event')],
};

interface ModelCase {
  readonly label: string;
  readonly name: string;
  readonly order: 'first' | 'second';
  readonly model: Model;
  readonly parameters: readonly string[];
  readonly feeds: Values;
  readonly loss: number;
  readonly gradients: Values;
  /** The adapted meta embeddings, [tasks, 1, size]; of models with a meta part. */
  readonly vector: Value | undefined;
}

const recordedValue = ({ data, shape }: Recorded): Value => value(data, shape);
const recordedValues = (all: Readonly<Record<string, Recorded>>): Values =>
  Object.fromEntries(Object.entries(all).map(([name, recorded]) => [name, recordedValue(recorded)]));

export const MODEL_CASES: readonly ModelCase[] = FIXTURE.cases.map((recorded, number) => {
  const { model: name, options, order, loss } = recorded;
  const definition = findModel(name);
  return {
    label: `${number}: ${name} ${JSON.stringify(options['inner'] ?? {})}`,
    name,
    order,
    model: definition.build(definition.config.parse(options) as never, INPUTS),
    parameters: recorded.parameters,
    feeds: recordedValues(recorded.feeds),
    loss,
    gradients: recordedValues(recorded.gradients),
    vector: recorded.vector === undefined ? undefined : recordedValue(recorded.vector),
  };
});
