// Which run of an experiment its report shows in full.
import { overridesOf } from '../../runs/stored-config.js';
import type { ReportRun } from './report-run.js';
import { seedRuns } from './seed-runs.js';

/**
 * Of the evaluated runs the newest of the recipe that was tried with the most seeds: what the experiment is about. Of several that were
 * tried alike, the recipe as it is written, and not one of its ablations. Where none was evaluated the newest, a baseline last;
 * undefined without any.
 */
export function runInFull(runs: readonly ReportRun[]): ReportRun | undefined {
  const own = runs.filter(({ baselineOf }) => baselineOf === null);
  const evaluated = own.filter(({ evaluation }) => evaluation !== null);
  const seeds = (run: ReportRun): number => seedRuns(run, evaluated).length;
  const most = Math.max(0, ...evaluated.map(seeds));
  const tried = evaluated.filter((run) => seeds(run) === most);
  return tried.findLast((run) => flagsOf(run).length === 0) ?? tried.at(-1) ?? own.at(-1) ?? runs.at(-1);
}

/** What made it something else than its recipe says; a seed does not. */
export const flagsOf = ({ config }: ReportRun): readonly string[] =>
  overridesOf(config).filter((flag) => !/^--(seed |set seed=)/.test(flag));
