// What layers ask of a training program: masks as inputs, and sums that running averages follow as outputs.
import { InternalError } from '../../errors.js';
import type { Node } from '../../graph/ir/node.js';
import { input } from '../../graph/ops/leaves.js';
import type { Model } from '../../models/contract/definition.js';
import type { TrainingPass } from '../../models/contract/training-pass.js';
import { maskName } from '../../models/layers/dropout.js';

/** Outputs of a training program that a running average follows: what is summed over a tile's rows, and over how many. */
export const sumName = (parameter: string): string => `sum.${parameter}`;
export const countName = (parameter: string): string => `count.${parameter}`;

interface OpenPass {
  /** A pass for rows of the given weight, [..., 1]. Asked for what the model does not declare, it throws InternalError. */
  passOver(weight: Node): TrainingPass;
  /**
   * The outputs asked for, when the model's logits are built. Throws InternalError where the model declares a dropout or a running
   * average that they do not use.
   */
  outputs(): Readonly<Record<string, Node>>;
}

export function openPass(model: Model): OpenPass {
  const dropouts = new Set((model.hiddenDropouts ?? []).map(({ name }) => name));
  const running = new Set(
    model.parameters.flatMap((spec) => (spec.running === undefined ? [] : [spec.name])),
  );
  const unused = new Set([...dropouts, ...running]);
  const take = (declared: ReadonlySet<string>, what: string, name: string): void => {
    if (!declared.has(name))
      throw new InternalError(`model ${model.name} does not declare the ${what} "${name}"`);
    unused.delete(name);
  };
  const outputs: Record<string, Node> = {};
  return {
    passOver: (weight) => ({
      weight,
      mask(name, x) {
        take(dropouts, 'hidden dropout', name);
        return input(maskName(name), x.shape);
      },
      average(name, sum, count) {
        take(running, 'running average', name);
        outputs[sumName(name)] = sum;
        outputs[countName(name)] = count;
      },
    }),
    outputs() {
      if (unused.size > 0)
        throw new InternalError(
          `model ${model.name} declares ${[...unused].join(', ')} and does not use it in training`,
        );
      return outputs;
    },
  };
}
