// Option schemas that several models share, so that one thing has one name everywhere.
import { z } from 'zod';

export const layerSizes = z.array(z.int().min(1)).describe('widths of the hidden layers');
export const share = z.number().min(0).lt(1);

/** What stands between hidden layers besides the activation. */
export const hiddenLayerOptions = {
  hiddenDropout: share.default(0).describe('share of hidden values dropped in training'),
  batchNorm: z.boolean().default(false).describe('hidden layers are normalised over the rows of a batch'),
};

/** The update rules that src/engine/update/ has; the types there hold it to this list. */
const UPDATE_RULES = ['adam', 'adagrad', 'ftrl', 'sgd'] as const;

/** Optimiser options whose absent keys take the model's own `defaults`. */
export function optimizerOptions(defaults: {
  readonly name?: (typeof UPDATE_RULES)[number];
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly l1?: number;
}) {
  return z
    .strictObject({
      name: z
        .enum(UPDATE_RULES)
        .default(defaults.name ?? 'adam')
        .describe('update rule'),
      learningRate: z
        .number()
        .positive()
        .default(defaults.learningRate ?? 1e-3),
      weightDecay: z
        .number()
        .min(0)
        .default(defaults.weightDecay ?? 0)
        .describe('L2 penalty: adds weightDecay times the value to its gradient'),
      l1: z
        .number()
        .min(0)
        .default(defaults.l1 ?? 0)
        .describe('L1 penalty, for ftrl'),
    })
    .prefault({});
}

export type OptimizerOptions = z.output<ReturnType<typeof optimizerOptions>>;
