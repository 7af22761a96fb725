// The runs of a project with all that a list shows of them: their own summaries, and what lies beside them.
import { UserError } from '../errors.js';
import { type Marks, readMarks, tagsOf } from './marks.js';
import { oldestFirst, type RunPlace, runsFolders, runsIn } from './places.js';
import { openIndex } from './run-index.js';
import { type MetricValues, type OwnSummary, summarise } from './summary.js';
import { MARKS_FAULT, readEach, type UnreadRun } from './unread.js';

export interface RunSummary extends RunPlace, Omit<OwnSummary, 'evaluated' | 'faults'> {
  /** Metrics on test rows, of its own evaluation or of one in which it was the baseline; null where it was in none. */
  readonly test: MetricValues | null;
  /** Ids of the runs that its evaluation compares it with. */
  readonly comparedWith: readonly string[];
  readonly tags: readonly string[];
  readonly note: string | null;
}

export interface RunList {
  /** Oldest first. */
  readonly runs: readonly RunSummary[];
  readonly unread: readonly UnreadRun[];
}

/** Every run of a project. What cannot be read is named beside the rest. */
export function listSummaries(cwd: string): RunList {
  const folders = runsFolders(cwd).map(summariesIn);
  const all = folders.flatMap(({ read }) => read).sort((a, b) => oldestFirst(a.place, b.place));
  const tested = testedRuns(all);
  return {
    runs: all.map((one) => listed(one, tested)),
    unread: folders.flatMap(({ unread }) => unread),
  };
}

/** Field by field: of many thousand runs, copying all but a few takes longer than reading them. */
function listed({ place, own, marks }: Read, tested: ReadonlyMap<string, MetricValues>): RunSummary {
  return {
    id: place.id,
    path: place.path,
    experiment: place.experiment,
    state: own.state,
    model: own.model,
    dataset: own.dataset,
    dataHash: own.dataHash,
    seed: own.seed,
    baselineOf: own.baselineOf,
    overrides: own.overrides,
    startedAt: own.startedAt,
    epochs: own.epochs,
    best: own.best,
    seconds: own.seconds,
    valid: own.valid,
    test: own.evaluated[place.id] ?? tested.get(place.id) ?? null,
    comparedWith: Object.keys(own.evaluated).filter((id) => id !== place.id),
    tags: tagsOf(marks, place.id),
    note: marks.notes[place.id] ?? null,
  };
}

interface Read {
  readonly place: RunPlace;
  readonly own: OwnSummary;
  readonly marks: Marks;
}

function summariesIn(runsFolder: string): {
  readonly read: readonly Read[];
  readonly unread: readonly UnreadRun[];
} {
  const places = runsIn(runsFolder);
  const index = openIndex(runsFolder, Date.now());
  const { marks, fault } = marksOf(runsFolder, places);
  const { read, unread } = readEach(places, (place): Read => {
    const known = index.known(place);
    if (known !== undefined) return { place, own: known, marks };
    const own = summarise(place);
    index.learn(place, own);
    return { place, own, marks };
  });
  index.keep();
  const partly = read.flatMap(({ place: { id, experiment }, own: { faults } }) =>
    faults.map((told): UnreadRun => ({ id, experiment, ...told, listed: true })),
  );
  return { read, unread: [...fault, ...unread, ...partly] };
}

function marksOf(
  runsFolder: string,
  [first]: readonly RunPlace[],
): { readonly marks: Marks; readonly fault: readonly UnreadRun[] } {
  try {
    return { marks: readMarks(runsFolder), fault: [] };
  } catch (error) {
    if (!(error instanceof UserError) || first === undefined) throw error;
    const { experiment } = first;
    const told = {
      id: MARKS_FAULT,
      experiment,
      where: error.where ?? runsFolder,
      why: error.what,
      listed: true,
    } as const;
    return { marks: { tags: {}, notes: {} }, fault: [told] };
  }
}

/** What evaluations of other runs say of a baseline; of several the newest. */
function testedRuns(all: readonly Read[]): ReadonlyMap<string, MetricValues> {
  const tested = new Map<string, MetricValues>();
  for (const { own } of all)
    for (const [run, metrics] of Object.entries(own.evaluated)) tested.set(run, metrics);
  return tested;
}
