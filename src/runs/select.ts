// Which of the runs a list shows, and in which order.
import { UserError } from '../errors.js';
import type { RunSummary } from './list.js';
import { type FieldValues, fieldReader } from './run-fields.js';

interface Selection {
  /** Conditions that all must hold: `model=limaml`, `auc>0.75`, `tag!=production`. */
  readonly where: readonly string[];
  /** A field: metrics the best first, all else ascending. Runs that lack it come last. */
  readonly sort: string | undefined;
}

/** A run and the values of the fields it was chosen by. */
export interface SelectedRun extends RunSummary {
  /** By name: the fields of the conditions and of the order, but for those that a list shows anyway. */
  readonly fields: Readonly<Record<string, string | number | null>>;
}

const CONDITION = /^\s*([^\s=<>!]+)\s*(>=|<=|!=|=|>|<)\s*(.*?)\s*$/s;

const OPERATORS: Readonly<Record<string, (value: string | number, given: string) => boolean>> = {
  '=': equal,
  '>': (value, given) => order(value, given) > 0,
  '>=': (value, given) => order(value, given) >= 0,
  '<': (value, given) => order(value, given) < 0,
  '<=': (value, given) => order(value, given) <= 0,
};

/**
 * Filters and sorts. Throws RUNS_WHERE for a condition that is none, and RUNS_FIELD.
 * @param gainOf a metric's value as "larger is better"; undefined for a field that is no metric
 */
export function selectRuns(
  runs: readonly RunSummary[],
  { where, sort }: Selection,
  gainOf: (metric: string, value: number) => number | undefined,
): readonly SelectedRun[] {
  const conditions = where.map((text) => condition(text, runs));
  const kept = runs.filter((run) => conditions.every(({ holds }) => holds(run)));
  const shown = [...conditions, ...(sort === undefined ? [] : [{ field: sort }])].map(({ field }) => ({
    field,
    read: fieldReader(field, runs, field),
  }));
  const selected = kept.map((run) => ({
    ...run,
    fields: Object.fromEntries(shown.map(({ field, read }) => [field, read(run)[0] ?? null])),
  }));
  return sort === undefined ? selected : sorted(selected, sort, gainOf);
}

/** Of a sorted list the first `limit`, else the newest. */
export function limitRuns<Run>(
  selected: readonly Run[],
  sort: string | undefined,
  limit: number | 'all',
): readonly Run[] {
  if (limit === 'all') return selected;
  return sort === undefined ? selected.slice(-limit) : selected.slice(0, limit);
}

interface Condition {
  readonly field: string;
  readonly holds: (run: RunSummary) => boolean;
}

function condition(text: string, runs: readonly RunSummary[]): Condition {
  const [, field = '', operator = '', given = ''] = CONDITION.exec(text) ?? [];
  if (field === '')
    throw new UserError({
      code: 'RUNS_WHERE',
      where: `--where ${text}`,
      what: 'A field, one of = != > >= < <=, and a value are expected.',
      next: "For example: --where model=limaml --where 'auc>0.75' --where tag=production",
    });
  const read = fieldReader(field, runs, `--where ${text}`);
  const any = (values: FieldValues): boolean => values.some((value) => OPERATORS[operator]!(value, given));
  return {
    field,
    holds:
      operator === '!=' ? (run) => !read(run).some((value) => equal(value, given)) : (run) => any(read(run)),
  };
}

function equal(value: string | number, given: string): boolean {
  return typeof value === 'number' ? value === Number(given) && given !== '' : value === given;
}

/** Of numbers by size, of texts by their characters; NaN, which no comparison holds for, of a number and a word. */
function order(value: string | number, given: string): number {
  if (typeof value === 'number') return given === '' ? Number.NaN : value - Number(given);
  return value < given ? -1 : value > given ? 1 : 0;
}

function sorted(
  runs: readonly SelectedRun[],
  sort: string,
  gainOf: (metric: string, value: number) => number | undefined,
): readonly SelectedRun[] {
  const metric = sort.replace(/^valid\./, '');
  const rank = (run: SelectedRun): string | number | null => {
    const value = run.fields[sort] ?? null;
    if (typeof value !== 'number') return value;
    const gain = gainOf(metric, value);
    return gain === undefined ? value : -gain;
  };
  const compare = (a: string | number | null, b: string | number | null): number => {
    if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
    return typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === 'number' ? -1 : 1;
  };
  return [...runs].sort((a, b) => compare(rank(a), rank(b)));
}
