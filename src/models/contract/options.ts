// Option schemas that several models share, so that one thing has one name everywhere.
import { z } from 'zod';

export const layerSizes = z.array(z.int().min(1)).describe('widths of the hidden layers');
export const share = z.number().min(0).lt(1);

/** Embeddings of a model of rows; `dropout` is the default. */
export const embeddingOptions = (dropout: number) =>
  z
    .strictObject({
      size: z.int().min(1).default(16).describe('columns of every embedding'),
      scale: z.number().positive().default(0.1).describe('deviation of the start values'),
      dropout: share.default(dropout).describe('share of encoded features dropped in training'),
      unknownShare: share.default(0.01).describe('share of training rows whose IDs are hidden'),
    })
    .prefault({});

/** What stands between hidden layers besides the activation. */
export const hiddenLayerOptions = {
  hiddenDropout: share.default(0).describe('share of hidden values dropped in training'),
  batchNorm: z.boolean().default(false).describe('hidden layers are normalised over the rows of a batch'),
};

/** The update rules that src/engine/update/ has; the types there hold it to this list. */
const UPDATE_RULES = ['adam', 'adagrad', 'ftrl', 'sgd'] as const;

const factor = z.number().positive().lt(1);
const minimum = share.describe('share of the learning rate below which it never falls');

/** How the learning rate changes while a model trains. */
const schedule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z
      .literal('constant')
      .describe(
        'how the learning rate changes: not at all, less when the validation metric does not get better, or along half a cosine',
      ),
  }),
  z.strictObject({
    kind: z.literal('plateau'),
    factor: factor.default(0.1).describe('what the rate is multiplied by then'),
    patience: z.int().min(1).default(1).describe('epochs without a better validation metric before that'),
    minimum: minimum.default(1e-3),
  }),
  z.strictObject({
    kind: z.literal('cosine'),
    warmup: z.number().min(0).default(0).describe('epochs, or parts of one, in which it rises'),
    minimum: minimum.default(0),
  }),
]);

export type ScheduleOptions = z.output<typeof schedule>;

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
      embeddingL2: z
        .number()
        .min(0)
        .optional()
        .describe(
          'L2 penalty of embedding tables in place of weightDecay: embeddingL2 times the value in the gradient of every row at ' +
            'every step, of rows too that the batch does not read',
        ),
      schedule: schedule.optional(),
    })
    .refine(({ name, schedule: given }) => name !== 'ftrl' || (given?.kind ?? 'constant') === 'constant', {
      path: ['schedule'],
      message: 'ftrl has a rate for each value that falls by itself: it takes no schedule',
    })
    .prefault({});
}

export type OptimizerOptions = z.output<ReturnType<typeof optimizerOptions>>;
