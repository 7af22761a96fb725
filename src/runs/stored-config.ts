// `config.json` as every version can read it: what a run was trained with, each value with its origin.
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { readRunJson } from './json.js';

export const CONFIG = 'config.json';

const configSchema = z.object({
  /** As written: another version may have had other options. */
  recipe: z.looseObject({ model: z.looseObject({ name: z.string() }), seed: z.number() }),
  origins: z.record(z.string(), z.string()),
  dataset: z.object({
    name: z.string(),
    hash: z.string(),
    /** Prepared folder relative to the run's own, so that a project may be moved. */
    path: z.string(),
    /** SHA-256 of the manifest that was read, which `hash` does not cover; runs of earlier versions have none. */
    manifest: z.string().optional(),
  }),
  /** Id of the run that this one was trained for as a baseline; null for a run of its own. */
  baselineOf: z.string().nullable().default(null),
  /** Two finished runs with one key are the same run: see `runKey`. */
  key: z.string(),
});

/** What every version can read of a configuration. */
export type StoredConfig = Readonly<z.output<typeof configSchema>>;

/** Reads a configuration, of whatever version. Throws RUN_DAMAGED. */
export function readStoredConfig(runPath: string): StoredConfig {
  return readRunJson(join(runPath, CONFIG), configSchema);
}

/**
 * Flags that made a run something else than its recipe says, as typed; how it was computed (`--workers`) is none of them. What is
 * exported or compared as "the latest" should be known to be an experiment of its own.
 */
export function overridesOf({ origins }: Pick<StoredConfig, 'origins'>): readonly string[] {
  const flags = Object.entries(origins).flatMap(([key, origin]) =>
    origin.startsWith('--') && !key.startsWith('execution.') ? [origin] : [],
  );
  return [...new Set(flags)];
}

/** The prepared folder that a run in `runPath` was trained on. */
export function preparedPath(runPath: string, config: Pick<StoredConfig, 'dataset'>): string {
  return resolve(runPath, config.dataset.path);
}
