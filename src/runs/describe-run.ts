// Everything a run folder says of itself, in one object.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochRecord } from '../training/train.js';
import { readMetrics } from './metrics-log.js';
import type { Provenance } from './provenance.js';
import { readRunJson } from './read-run-json.js';
import { type RunConfig, readRunConfig } from './run-config.js';
import type { RunSummary } from './run-index.js';
import { FAILED } from './run-state.js';

export interface RunDescription extends RunSummary {
  readonly config: RunConfig;
  readonly provenance: Provenance;
  readonly metrics: readonly EpochRecord[];
  /** `eval.json`, if the run has been evaluated. */
  readonly evaluation: unknown;
  /** What stopped it, if an error did. */
  readonly failure: string | null;
}

export async function describeRun(summary: RunSummary): Promise<RunDescription> {
  const json = (file: string): unknown => {
    const path = join(summary.path, file);
    return existsSync(path) ? readRunJson(path) : null;
  };
  const failure = json(FAILED) as { message?: string } | null;
  return {
    ...summary,
    config: await readRunConfig(summary.path),
    provenance: json('provenance.json') as Provenance,
    metrics: await readMetrics(summary.path),
    evaluation: json('eval.json'),
    failure: summary.state === 'failed' ? (failure?.message ?? null) : null,
  };
}
