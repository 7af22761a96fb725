// The one grammar by which a run is named: `[<experiment>/]<name>[@<where>]`, or the path of its folder.
import { resolve } from 'node:path';
import { UserError } from '../errors.js';
import { nearestName } from '../nearest-name.js';
import type { Progress } from '../progress.js';
import { bestRun } from './best.js';
import { runDamaged } from './json.js';
import { listSummaries, type RunList, type RunSummary } from './list.js';
import { isRun, listRuns, placeOf, type RunPlace } from './places.js';
import { MARKS_FAULT } from './unread.js';

/** What the user typed, taken apart. */
interface RunName {
  readonly name: string;
  readonly metric: string | undefined;
  /** An experiment: what comes before "/". */
  readonly of: string | undefined;
  /** What comes after "@": an experiment, and where none has runs, a data set or the beginning of a data hash. */
  readonly at: readonly string[];
}

/**
 * The run that `reference` means: a path, an id, a tag, the beginning of an id; `latest`, the newest finished run that was not trained
 * as a baseline of another; `best`, the finished run with the best validation AUC, or `best:<metric>`. `<experiment>/…` and
 * `…@<experiment, else data set>` narrow it. Where `latest` or `best` is a run that its recipe alone does not make, that is told.
 * Throws RUN_MISSING with the nearest names, RUN_AMBIGUOUS, RUN_METRIC, or RUN_DAMAGED where a run that cannot be read might be meant:
 * another must not stand for it in silence.
 */
export function findRun(reference: string, cwd: string, progress: Progress): RunPlace {
  const path = resolve(cwd, reference);
  if (isRun(path)) return placeOf(path);
  const named = nameOf(reference);
  if (wordsOf(named).length === 0) {
    const exact = listRuns(cwd).filter(({ id }) => id === named.name);
    if (exact.length === 1) return exact[0]!;
  }
  const { runs, unread } = listSummaries(cwd);
  const experiments = new Set(runs.map(({ experiment }) => experiment));
  const list = { runs: runs.filter((run) => fits(run, named, experiments)), unread };
  const chosen =
    named.name === 'latest'
      ? latestRun(reference, list)
      : named.name === 'best'
        ? bestRun(reference, list, named.metric, progress)
        : undefined;
  if (chosen !== undefined && chosen.overrides.length > 0)
    progress({
      kind: 'note',
      text: `${reference} is run ${chosen.id} of ${chosen.experiment}, trained with ${chosen.overrides.join(' ')}: not what its recipe alone says`,
    });
  const found = chosen ?? namedRun(reference, named, list, cwd);
  if (found === undefined && list.runs.length === 0 && runs.length > 0) throw nowhere(reference, named, runs);
  if (found === undefined) throw missing(reference, named, runs);
  return placeOf(found.path);
}

function nameOf(reference: string): RunName {
  const [left = '', ...after] = reference.split('@');
  const parts = left.split('/');
  const last = parts.pop()!;
  const [name = '', metric] = last.startsWith('best:') ? ['best', last.slice('best:'.length)] : [last];
  return { name, metric, of: parts.at(-1), at: after };
}

const wordsOf = ({ of, at }: RunName): readonly string[] => [...(of === undefined ? [] : [of]), ...at];

/** An experiment and its data set often have one name, and other experiments the same data. */
function fits(
  { experiment, dataset, dataHash }: RunSummary,
  { of, at }: RunName,
  experiments: ReadonlySet<string>,
): boolean {
  const fitsAt = (word: string): boolean =>
    experiments.has(word)
      ? word === experiment
      : word === dataset || (word.length >= 6 && dataHash.startsWith(word));
  return (of === undefined || of === experiment) && at.every(fitsAt);
}

/** An id begins with the second in which the run was started. */
const secondOf = ({ id }: Pick<RunPlace, 'id'>): string => id.slice(0, 'yyyymmdd-hhmmss'.length);

/** Of runs of one second the one that was started last, which their ids do not tell. */
function latestRun(reference: string, { runs, unread }: RunList): RunSummary | undefined {
  const counting = runs.filter(({ state, baselineOf }) => state === 'finished' && baselineOf === null);
  const newest = counting.at(-1);
  requireRead(
    reference,
    unread.filter(({ id, listed }) => listed !== true && (newest === undefined || id >= secondOf(newest))),
  );
  if (newest === undefined) return undefined;
  return counting
    .filter((run) => secondOf(run) === secondOf(newest))
    .reduce((a, b) => (b.startedAt > a.startedAt ? b : a));
}

/** By id, then by tag, then by the beginning of an id. A run that cannot be read is found too: what it lacks is for its reader to say. */
function namedRun(
  reference: string,
  { name }: RunName,
  { runs, unread }: RunList,
  cwd: string,
): RunPlace | undefined {
  if (name === '') return undefined;
  const left = new Set(unread.flatMap(({ id, listed }) => (listed === true ? [] : [id])));
  const places = [...runs, ...listRuns(cwd).filter(({ id }) => left.has(id))];
  for (const found of [
    places.filter(({ id }) => id === name),
    runs.filter(({ tags }) => tags.includes(name)),
    places.filter(({ id }) => id.startsWith(name)),
  ]) {
    if (found.length > 1) throw ambiguous(reference, found);
    if (found.length === 1) return found[0];
  }
  // It may be a tag in a file that cannot be read.
  requireRead(
    reference,
    unread.filter(({ id }) => id === MARKS_FAULT),
  );
  return undefined;
}

/** Throws RUN_DAMAGED for the first: it may be what is meant. */
function requireRead(reference: string, [fault]: RunList['unread']): void {
  if (fault !== undefined) throw runDamaged(fault.where ?? reference, fault.why);
}

function missing(reference: string, named: RunName, runs: readonly RunSummary[]): UserError {
  const { name } = named;
  const tags = [...new Set(runs.flatMap((run) => run.tags))];
  const experiments = wordsOf(named).length > 0 ? [] : runs.map(({ experiment }) => experiment);
  const close = nearestName(name, [...runs.map((run) => run.id), ...tags, 'latest', 'best', ...experiments]);
  if (close !== undefined && experiments.includes(close) && !tags.includes(close))
    return ofExperiment(reference, close);
  const latest = runs.slice(-5).map((run) => run.id);
  return new UserError({
    code: 'RUN_MISSING',
    where: reference,
    what: `There is no such run.${close === undefined ? '' : ` Closest: ${close}.`}`,
    next:
      latest.length === 0
        ? 'There are no runs in experiments/*/runs here: train one with limaml train.'
        : `The latest: ${latest.join(', ')}.${tags.length === 0 ? '' : ` Tags: ${tags.join(', ')}.`} See: limaml runs`,
  });
}

function ofExperiment(reference: string, experiment: string): UserError {
  const isIt = reference === experiment;
  return new UserError({
    code: 'RUN_MISSING',
    where: reference,
    what: isIt
      ? 'This is an experiment and no run.'
      : `There is no such run. Closest: the experiment ${experiment}.`,
    next: `Its newest run: ${experiment}/latest; its best: best@${experiment}; all: limaml runs --where experiment=${experiment}`,
  });
}

/** What narrows it fits no run at all. */
function nowhere(reference: string, named: RunName, runs: readonly RunSummary[]): UserError {
  const where = wordsOf(named);
  const [experiments, datasets] = (['experiment', 'dataset'] as const).map((key) => [
    ...new Set(runs.map((run) => run[key])),
  ]);
  const isData = named.of !== undefined && datasets!.includes(named.of) && !experiments!.includes(named.of);
  if (isData)
    return new UserError({
      code: 'RUN_MISSING',
      where: reference,
      what: `No run here is of an experiment "${named.of}". There are runs on the data set of this name.`,
      next: `The newest of those: latest@${named.of}; the best: best@${named.of}; all: limaml runs --where dataset=${named.of}`,
    });
  const close = nearestName(where.at(-1)!, [...experiments!, ...datasets!]);
  return new UserError({
    code: 'RUN_MISSING',
    where: reference,
    what: `No run here is of ${where.map((word) => `"${word}"`).join(' and ')}.${close === undefined ? '' : ` Closest: ${close}.`}`,
    next: `Experiments with runs: ${experiments!.join(', ')}. Data sets: ${datasets!.join(', ')}. See: limaml runs`,
  });
}

function ambiguous(reference: string, found: readonly RunPlace[]): UserError {
  return new UserError({
    code: 'RUN_AMBIGUOUS',
    where: reference,
    what: `${found.length} runs are named so: ${found.map(({ id, experiment }) => `${experiment}/${id}`).join(', ')}.`,
    next: 'Type more of the id, the experiment before it, or the path of the run.',
  });
}
