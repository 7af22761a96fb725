// The numbers of a run as series over epochs, for other tools to draw.
import { leafText, valuesOf } from '../config/leaves.js';
import { shownAt } from '../evaluation/metrics/metric.js';
import type { RunDescription } from '../runs/describe.js';
import { followedNames, type TimingRecord } from '../runs/metrics-log.js';

export interface ScalarPoint {
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly value: number;
}

/** Points by name: `select/loss`, `select/valid_auc`, `refit/loss`, `test/auc`. Steps of a phase count its epochs. */
export function scalarSeries(
  run: RunDescription,
  timings: readonly TimingRecord[],
): ReadonlyMap<string, readonly ScalarPoint[]> {
  const series = new Map<string, ScalarPoint[]>();
  const add = (name: string, point: ScalarPoint): void => {
    if (!Number.isFinite(point.value)) return;
    series.set(name, [...(series.get(name) ?? []), point]);
  };
  let atMs = Date.parse(run.provenance.startedAt);
  run.metrics.forEach(({ phase, epoch, loss, valid }, i) => {
    atMs += Math.round(1000 * (timings[i]?.seconds ?? 0));
    const point = (value: number): ScalarPoint => ({ step: epoch, atMs, value });
    add(`${phase}/loss`, point(loss));
    if (valid === undefined) return;
    for (const name of followedNames([{ valid }])) {
      const value = valid[name] ?? null;
      if (value !== null) add(`${phase}/valid_${snake(name)}`, point(value));
    }
  });
  const tested = run.evaluation?.models[0]?.metrics ?? {};
  for (const { name } of shownAt('overview', run.evaluation?.metrics ?? [])) {
    const value = tested[name]?.value ?? null;
    if (value !== null) add(`test/${snake(name)}`, { step: run.best?.epoch ?? 0, atMs, value });
  }
  return series;
}

/** The resolved recipe as flat text parameters. */
export function flatParameters({ config }: RunDescription): ReadonlyMap<string, string> {
  const { baselines: _, ...recipe } = config.recipe;
  return new Map(valuesOf(recipe).map(({ path, value }) => [path.join('.'), leafText(value)]));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
