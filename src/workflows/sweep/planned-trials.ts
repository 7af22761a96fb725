// The trials of a sweep, model by model, with equal budgets.
import type { Recipe } from '../../config/recipe-schema.js';
import type { SweepConfig } from '../../config/sweep-section.js';
import { UserError } from '../../errors.js';
import { nearestName } from '../../nearest-name.js';
import { type Assignment, assignments, rangesOf } from './assignments.js';

export interface PlannedTrial {
  readonly model: string;
  readonly trial: number;
  readonly assignment: Assignment;
}

/**
 * Trials of the models that are asked for, else of those that the section names, else of the recipe's own and its baselines. Throws
 * SWEEP_MODEL for a model that the recipe does not have, and SWEEP_GRID_RANGE.
 */
export function plannedTrials(
  recipe: Pick<Recipe, 'model' | 'baselines'>,
  config: SweepConfig,
  asked: readonly string[],
): readonly PlannedTrial[] {
  const known = [recipe.model.name, ...Object.keys(recipe.baselines)];
  const named = Object.keys(config.models);
  const models = asked.length > 0 ? asked : named.length > 0 ? named : known;
  for (const model of new Set([...models, ...named])) {
    if (known.includes(model)) continue;
    const close = nearestName(model, known);
    throw new UserError({
      code: 'SWEEP_MODEL',
      where: named.includes(model) ? `sweep.models.${model}` : `--model ${model}`,
      what: `The recipe has no model "${model}".${close === undefined ? '' : ` Closest: "${close}".`}`,
      next: `Its models: ${known.join(', ')}. Others stand under baselines: ${model}: {}`,
    });
  }
  return models.flatMap((model) => {
    const space = { ...config.space, ...config.models[model] };
    const ranges = rangesOf(space);
    if (config.method === 'grid' && ranges.length > 0) {
      throw new UserError({
        code: 'SWEEP_GRID_RANGE',
        where: `sweep of ${model}: ${ranges.join(', ')}`,
        what: 'A grid has no points within a range.',
        next: 'List the values, or take method: random.',
      });
    }
    return assignments(space, model, config).map((assignment, trial) => ({ model, trial, assignment }));
  });
}
