// The best run by a metric on validation rows: test rows are there to judge the one that was chosen, not to choose.
import { UserError } from '../errors.js';
import { nearestName } from '../nearest-name.js';
import type { Progress } from '../progress.js';
import { runDamaged } from './json.js';
import type { RunList, RunSummary } from './list.js';
import { gainOf } from './metric-gain.js';

const DEFAULT_METRIC = 'auc';

/**
 * Of the finished runs that are no baselines of others, the one whose best epoch has the best value; of equal ones the newest. Undefined
 * where there is none. Throws RUN_METRIC for a metric that none of them followed, RUN_AMBIGUOUS where they are of several prepared
 * data, whose rows are not the same, and RUN_DAMAGED where one of them cannot be read.
 */
export function bestRun(
  reference: string,
  { runs, unread }: RunList,
  metric: string = DEFAULT_METRIC,
  progress: Progress,
): RunSummary | undefined {
  const [fault] = unread;
  if (fault !== undefined) throw runDamaged(fault.where ?? reference, fault.why);
  const finished = runs.filter(({ state }) => state === 'finished');
  const candidates = finished.filter(({ baselineOf }) => baselineOf === null);
  if (candidates.length === 0) return undefined;
  const rated = candidates.flatMap((run) => gainsOf(run, metric));
  if (rated.length === 0) throw notFollowed(reference, metric, candidates);
  const hashes = [...new Set(rated.map(({ run }) => run.dataHash))];
  if (hashes.length > 1)
    throw severalData(
      reference,
      rated.map(({ run }) => run),
    );
  const best = rated.reduce((a, b) => (b.gain >= a.gain ? b : a));
  const { id, experiment, valid } = best.run;
  progress({
    kind: 'note',
    text: `${reference} is run ${id} of ${experiment}: validation ${metric} ${digits(valid[metric])}, the best of ${rated.length}`,
  });
  for (const { run, gain } of finished
    .filter((run) => run.baselineOf !== null && run.dataHash === hashes[0])
    .flatMap((run) => gainsOf(run, metric)))
    if (gain > best.gain)
      progress({
        kind: 'note',
        text: `the baseline ${run.model} (run ${run.id}) has a better one: ${digits(run.valid[metric])}`,
      });
  return best.run;
}

/** As many as tell runs apart that tables show as equal. */
const digits = (value: number | null | undefined): string => String(Number(value?.toFixed(6)));

function gainsOf(
  run: RunSummary,
  metric: string,
): readonly { readonly run: RunSummary; readonly gain: number }[] {
  const value = run.valid[metric];
  const gain = typeof value === 'number' ? gainOf(metric, value) : undefined;
  return gain === undefined ? [] : [{ run, gain }];
}

function notFollowed(reference: string, metric: string, runs: readonly RunSummary[]): UserError {
  const known = [...new Set(runs.flatMap(({ valid }) => Object.keys(valid)))];
  const close = nearestName(metric, known);
  return new UserError({
    code: 'RUN_METRIC',
    where: reference,
    what: `No run here has a validation value of "${metric}".${close === undefined ? '' : ` Closest: "${close}".`}`,
    next: known.length === 0 ? 'See: limaml runs' : `Followed on validation rows: ${known.join(', ')}.`,
  });
}

function severalData(reference: string, runs: readonly RunSummary[]): UserError {
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) groups.set(run.dataHash, [...(groups.get(run.dataHash) ?? []), run]);
  const told = [...groups].map(
    ([hash, [first, ...others]]) => `${first!.dataset} ${hash.slice(0, 12)} (${others.length + 1})`,
  );
  return new UserError({
    code: 'RUN_AMBIGUOUS',
    where: reference,
    what: `The runs are on ${groups.size} prepared data sets, which do not have the same rows: ${told.join(', ')}.`,
    next: `Name one, or an experiment, or the beginning of a data hash: ${reference}@${[...groups.keys()].at(-1)!.slice(0, 12)}`,
  });
}
