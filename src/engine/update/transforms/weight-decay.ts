// Weight decay: an L2 penalty, as `weightDecay` times the value added to its gradient. Biases and rates have none, nor do tables
// with a penalty of their own.
import type { GradientTransform } from '../optimizer.js';

export const weightDecay: GradientTransform = (before, options, subject, rule) =>
  subject === 'plain' || rule.decays || (subject === 'table' && options.embeddingL2 !== undefined)
    ? before
    : { ...before, decay: before.decay + options.weightDecay };
