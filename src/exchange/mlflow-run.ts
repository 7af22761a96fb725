// A run in the words of MLflow: state, tags, parameters, metrics, whichever way they are written.
import type { RunDescription } from '../runs/describe.js';
import type { TimingRecord } from '../runs/metrics-log.js';
import { flatParameters, type ScalarPoint, scalarSeries } from './scalars.js';

export interface MlflowRun {
  readonly experiment: string;
  /** What it is called in lists, and the value of the tag it is found by again. */
  readonly name: string;
  readonly state: 'running' | 'finished' | 'failed' | 'interrupted';
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly endedMs: number;
  readonly tags: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
  readonly metrics: ReadonlyMap<string, readonly ScalarPoint[]>;
}

/** MLflow refuses longer parameter values. */
const LONGEST_VALUE = 6000;

/** Files of the run's folder that go along. */
export const RUN_ARTIFACTS = ['config.json', 'provenance.json', 'eval.json', 'report.html'];

export function mlflowRun(run: RunDescription, timings: readonly TimingRecord[]): MlflowRun {
  const startedMs = Date.parse(run.provenance.startedAt);
  return {
    experiment: run.experiment,
    name: run.id,
    state: run.state,
    startedMs,
    endedMs: startedMs + Math.round(1000 * (run.seconds ?? 0)),
    tags: tagsOf(run),
    parameters: new Map(
      [...flatParameters(run)].map(([name, value]) => [name, value.slice(0, LONGEST_VALUE)]),
    ),
    metrics: scalarSeries(run, timings),
  };
}

function tagsOf({ id, state, provenance, config, baselineOf }: RunDescription): ReadonlyMap<string, string> {
  const { git, engine } = provenance;
  return new Map([
    ['mlflow.runName', id],
    ['mlflow.source.name', `limaml ${provenance.command.join(' ')}`],
    ['limaml.version', provenance.limaml.version],
    ['limaml.code', provenance.limaml.code],
    ['limaml.state', state],
    ['limaml.dataset', config.dataset.name],
    ['limaml.dataset.hash', config.dataset.hash],
    ['limaml.engine', `${engine.name} ${engine.version} ${engine.device}`],
    ...(git === null
      ? []
      : ([
          ['mlflow.source.git.commit', git.commit],
          ['limaml.git.dirty', String(git.dirty)],
        ] as const)),
    ...(baselineOf === null ? [] : ([['limaml.baseline_of', baselineOf]] as const)),
  ]);
}
