// Options of training that every model shares.
import { z } from 'zod';

export const trainingSchema = z.strictObject({
  epochs: z.int().min(1).default(30).describe('most passes over the training entities or rows'),
  patience: z
    .int()
    .min(1)
    .default(5)
    .describe('epochs without a better validation metric before training stops'),
  minSteps: z
    .int()
    .min(0)
    .default(500)
    .describe('outer steps before patience may stop training: a small log has few steps to an epoch'),
  /** Which names there are is known where metrics are: the recipe's schema says so. */
  metric: z.string().default('auc').describe('validation metric that chooses the epoch'),
  refit: z
    .boolean()
    .default(false)
    .describe('after the epoch is chosen, train anew on training and validation rows for as many epochs'),
  clip: z.number().positive().default(10).describe('largest norm of the outer gradient of dense parameters'),
  shuffleSupport: z
    .union([z.boolean(), z.literal('members')])
    .default(false)
    .describe(
      'placebo, in training and in adaptation: true shuffles support labels within each entity, which keeps how often it clicks; members draws them from events of all members, which keeps nothing of it',
    ),
});

export type TrainingConfig = z.output<typeof trainingSchema>;
