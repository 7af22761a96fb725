// Weight decay: an L2 penalty, as `weightDecay` times the value added to its gradient. Biases and rates have none.
import type { OptimizerOptions } from '../../../models/contract/options.js';
import type { GradientTransform, Subject, UpdateRule } from '../optimizer.js';

export function weightDecay(
  { weightDecay: decay }: OptimizerOptions,
  subject: Subject,
  rule: UpdateRule,
): GradientTransform | undefined {
  if (decay === 0 || subject === 'plain' || rule.decays) return undefined;
  return (gradient, values, at, length) => {
    for (let i = 0; i < length; i++) gradient[i]! += decay * values[at + i]!;
  };
}
