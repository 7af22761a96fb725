// `limaml eval --set`: what of a run can still be changed when it is trained.
import { checkTree, faultsToErrors } from '../config/faults.js';
import { layer, type Override } from '../config/layers.js';
import { parseOverrides } from '../config/overrides.js';
import { UserError, UserErrors } from '../errors.js';
import { type EvaluationConfig, evaluationConfig } from '../evaluation/config/evaluation-config.js';
import type { RunConfig } from '../runs/config.js';

/**
 * A recipe's evaluation section with `--set evaluation.…`, and what other flags mean, laid over it. Throws OVERRIDE_TOO_LATE and every
 * fault of the section.
 */
export function evaluationOf(
  { recipe }: { readonly recipe: Pick<RunConfig['recipe'], 'evaluation'> },
  set: readonly string[],
  flags: readonly Override[] = [],
): EvaluationConfig {
  const overrides = parseOverrides(set);
  const foreign = overrides.filter(({ path }) => path[0] !== 'evaluation' || path.length < 2);
  if (foreign.length > 0) {
    throw new UserErrors(
      foreign.map(
        ({ flag }) =>
          new UserError({
            code: 'OVERRIDE_TOO_LATE',
            where: flag,
            what: 'The run is trained: only keys under evaluation can still be changed.',
            next: 'Train again with it: limaml train … --set …',
          }),
      ),
    );
  }
  const file = { file: 'config.json', value: { evaluation: recipe.evaluation }, originOf: () => undefined };
  const layered = layer(file, [...overrides, ...flags]);
  const { evaluation } = layered.value as { readonly evaluation: unknown };
  const checked = checkTree(evaluationConfig, evaluation, ['evaluation']);
  if (checked.faults !== undefined) throw new UserErrors(faultsToErrors(checked.faults, layered));
  return checked.value;
}
