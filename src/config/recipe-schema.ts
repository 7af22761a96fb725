// The shape of `experiment.yaml`, composed of the parts' own schemas. Model sections are checked by the model they name.
import { z } from 'zod';
import { executionSchema } from '../engine/execution-config.js';
import { evaluationConfig } from '../evaluation/config/evaluation-config.js';
import { shownAt } from '../evaluation/metrics/metric.js';
import { METRICS } from '../evaluation/metrics/registry.js';
import { featureSelectionSchema } from '../models/contract/model-inputs.js';
import { trainingSchema } from '../training/config.js';
import { checkSchema } from './check-section.js';
import { resultsSchema } from './results-section.js';
import { sweepSchema } from './sweep-section.js';

/** Options of one model; which keys there are is the model's own matter. */
const modelOptions = z.record(z.string(), z.unknown());
type ModelOptions = z.output<typeof modelOptions>;

/** Metrics that are followed on validation rows. */
const FOLLOWED = shownAt(
  'headline',
  METRICS.filter((entry) => typeof entry !== 'function'),
).map(({ name }) => name);

/** What an experiment may be called. */
export const experimentName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'An experiment name is lower-case letters, digits, dots, dashes');

const seedNumber = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

export const recipeSchema = z.strictObject({
  name: experimentName.describe('name of the experiment'),
  dataset: z
    .string()
    .min(1)
    .describe('a name in datasets/, or the path of a descriptor or of a prepared folder'),
  prep: z.record(z.string(), z.unknown()).default({}).describe('keys of the descriptor to override'),
  features: featureSelectionSchema
    .default({})
    .describe('features to use, by side; a side left out uses all its prepared features'),
  model: z
    .looseObject({ name: z.string().min(1) })
    .describe('the model and its options (limaml models), or "from" and the file of one of your own'),
  baselines: z.record(z.string(), modelOptions).default({}).describe('options of other models, by name'),
  training: trainingSchema
    .extend({ metric: z.enum(FOLLOWED).default('auc').describe('validation metric that chooses the epoch') })
    .prefault({}),
  execution: executionSchema.prefault({}),
  seed: seedNumber.default(1).describe('fixes every random stream'),
  seeds: z
    .array(seedNumber)
    .min(2)
    .refine((seeds) => new Set(seeds).size === seeds.length, 'each seed once')
    .optional()
    .describe('in place of seed: limaml train makes a run of each; what takes one seed takes the first'),
  evaluation: evaluationConfig.prefault({}),
  check: checkSchema.prefault({}),
  results: resultsSchema.prefault({}),
  sweep: sweepSchema.optional().describe('what limaml sweep tries'),
});

/** A resolved recipe: every default filled in, model sections parsed by their models. Reads back as a recipe itself. */
export type Recipe = z.output<typeof recipeSchema>;

/** A model's name and options, apart. */
export interface ChosenModel {
  readonly name: string;
  readonly config: ModelOptions;
  /** SHA-256 of the file, for a model of one's own. */
  readonly sha256?: string;
}

/** The model that the recipe trains. Where its file lies says nothing of what it is; its content does. */
export function chosenModel({ model: { name, from, sha256, ...config } }: Recipe): ChosenModel {
  return typeof from === 'string' && typeof sha256 === 'string' ? { name, config, sha256 } : { name, config };
}

/** Hashes of the files that the recipe's models come from, by model name. */
export function ownModelsOf({ model, baselines }: Recipe): ReadonlyMap<string, string> {
  const sections = [[model.name, model] as const, ...Object.entries(baselines)];
  return new Map(
    sections.flatMap(([name, { from, sha256 }]) =>
      typeof from === 'string' && typeof sha256 === 'string' ? [[name, sha256] as const] : [],
    ),
  );
}
