// What running tiles needs of a model and its numbers.
import type { Model } from '../../models/contract/definition.js';
import type { FieldGroup } from '../../models/contract/fields.js';
import type { Tensor } from '../../runtime/executor.js';

/** The parts of a model that running tiles needs. */
export function groupsOf(model: Model): Map<string, FieldGroup> {
  return new Map([...model.taskGroups, ...model.rowGroups].map((group) => [group.name, group]));
}

/** Shapes of the dense parameters by name. */
export function parameterShapes(model: Model): Record<string, readonly number[]> {
  return Object.fromEntries(model.parameters.map(({ name, shape }) => [name, shape]));
}

/** Dense parameters as tensors, copied out of shared memory, which the runtime does not take, into `copies`, kept from run to run. */
export function parameterTensors(
  parameters: ReadonlyMap<string, Float32Array>,
  shapes: Readonly<Record<string, readonly number[]>>,
  copies: Map<string, Float32Array>,
): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, values] of parameters) {
    const data = copies.get(name) ?? new Float32Array(values.length);
    data.set(values);
    copies.set(name, data);
    tensors[name] = { data, shape: shapes[name]! };
  }
  return tensors;
}
