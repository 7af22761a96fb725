// What `limaml results` will train and measure of one recipe, known before anything is trained.
import { type LoadedExperiment, loadExperiment } from '../../config/load-experiment.js';
import { settings } from '../../config/overrides.js';
import { chosenModel, type Recipe } from '../../config/recipe-schema.js';
import type { ResultsSection, Variants } from '../../config/results-section.js';
import { UserError } from '../../errors.js';

export interface PlanOptions {
  /** Of every recipe, in place of what its `results` section says. */
  readonly refresh: readonly string[] | undefined;
  readonly retrain: string | undefined;
  /** Leaves out the variants, and the placebo and k = 0 with them. */
  readonly noVariants: boolean;
  readonly set: readonly string[];
}

export interface Plan {
  readonly experiment: LoadedExperiment;
  readonly section: ResultsSection;
  readonly baselines: readonly string[];
  /** The same recipe with other values, by name. */
  readonly variants: readonly { readonly name: string; readonly experiment: LoadedExperiment }[];
}

/** Reads a recipe and its variants. Throws every fault of them, and RESULTS_NO_BASELINE. */
export async function loadPlan(reference: string, cwd: string, options: PlanOptions): Promise<Plan> {
  const { refresh, retrain, noVariants, set } = options;
  const flags = [
    ...(refresh === undefined
      ? []
      : [{ path: ['results', 'refresh'], value: [...refresh], flag: '--refresh' }]),
    ...(retrain === undefined
      ? []
      : [{ path: ['results', 'retrain'], value: retrain, flag: `--retrain ${retrain}` }]),
  ];
  const experiment = await loadExperiment({ recipe: reference, cwd, set, flags });
  const { recipe, shownAs } = experiment.loaded;
  const baselines = Object.keys(recipe.baselines);
  const { results: section } = recipe;
  const unknown = section.retrained?.filter((name) => !baselines.includes(name)) ?? [];
  if (baselines.length === 0 || unknown.length > 0)
    throw new UserError({
      code: 'RESULTS_NO_BASELINE',
      where: shownAs,
      what:
        unknown.length > 0
          ? `results.retrained names ${unknown.join(', ')}, which is no baseline of the recipe.`
          : 'The recipe names no baseline, so there is nothing to hold its model against.',
      next: 'For example: baselines: { widedeep: {} }',
    });
  const variants = await Promise.all(
    Object.entries(noVariants ? {} : (section.variants ?? ablations(recipe))).map(async ([name, values]) => ({
      name,
      experiment: await loadExperiment({
        recipe: reference,
        cwd,
        set: [...set, ...settings(values)],
        flags,
      }),
    })),
  );
  return { experiment, section, baselines, variants };
}

/** What must lose the gain, if the gain is one of adaptation to what the entity clicked. */
function ablations(recipe: Recipe): Variants {
  const { name, config } = chosenModel(recipe);
  const { steps } = (config['inner'] ?? {}) as { readonly steps?: number };
  if (name !== 'limaml' || steps === 0) return {};
  return {
    'placebo within members': { 'training.shuffleSupport': true },
    'placebo across members': { 'training.shuffleSupport': 'members' },
    'k = 0': { 'model.inner.steps': 0 },
  };
}
