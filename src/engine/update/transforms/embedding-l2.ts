// The L2 penalty of embedding tables, over all of their rows: the gradient of embeddingL2 / 2 times the sum of their squares.
import type { GradientTransform } from '../optimizer.js';

export const embeddingL2: GradientTransform = (before, options, subject) =>
  subject === 'table' ? { ...before, decay: before.decay + (options.embeddingL2 ?? 0) } : before;
