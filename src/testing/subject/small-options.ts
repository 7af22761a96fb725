// Options that make any model small: those of a list that its schema knows.
import type { ModelDefinition } from '../../models/contract/definition.js';

/** Known names of options, with values for logs of a few hundred rows. */
const SMALL = {
  embedding: { size: 4, dropout: 0 },
  hidden: [8],
  batchRows: 64,
  meta: { hidden: [8], size: 4 },
  global: { hidden: [8] },
  episodes: { tasks: 8 },
};

/** `SMALL` without the keys that the model's schema refuses, and with `more` laid over it, key by key at the top. */
export function smallOptions({ config }: ModelDefinition, more: object = {}): Record<string, unknown> {
  const options: Record<string, unknown> = structuredClone(SMALL);
  for (const issue of config.safeParse(options).error?.issues ?? []) {
    if (issue.code !== 'unrecognized_keys') continue;
    let at: Record<string, unknown> = options;
    for (const key of issue.path) at = at[String(key)] as Record<string, unknown>;
    for (const key of issue.keys) delete at[key];
  }
  return { ...options, ...more };
}
