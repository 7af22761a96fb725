// A first recipe beside a first descriptor: LiMAML and the models that it must beat, on the same rows.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { GuessedRoles } from './guess-roles.js';
import { SAMPLE_ROWS } from './spread-sample.js';

/** Part of the log, by time, that a first descriptor makes test. */
const TEST_SHARE = 0.2;

/** Writes `experiments/<name>/experiment.yaml` unless there is one. */
export async function writeRecipe(
  cwd: string,
  name: string,
  dataset: string,
  empty: number | undefined,
): Promise<{ readonly path: string; readonly written: boolean }> {
  const path = resolve(cwd, 'experiments', name, 'experiment.yaml');
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, recipeText(name, dataset, empty), { flag: 'wx' });
    return { path, written: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { path, written: false };
  }
}

function recipeText(name: string, dataset: string, empty: number | undefined): string {
  const episodes =
    empty === undefined
      ? []
      : [
          '  # Episodes match the histories: of so many rows that are scored the member has no past.',
          `  episodes: { emptyShare: ${empty.toFixed(2)} }`,
        ];
  return [
    `# limaml train ${name}`,
    `# Then: limaml eval ${name}/latest --baseline widedeep`,
    `name: ${name}`,
    `dataset: ${/^[a-z0-9][\w./-]*$/i.test(dataset) ? dataset : JSON.stringify(dataset)}`,
    '',
    'model:',
    '  name: limaml',
    ...episodes,
    '',
    '# What personalisation must beat: IDs with crosses, and nothing personal at all.',
    'baselines:',
    '  widedeep: {}',
    '  deep: {}',
    '',
    'training:',
    '  epochs: 30',
    '  patience: 5',
    '',
    'seed: 1',
    '',
  ].join('\n');
}

/**
 * Share of the rows in the last fifth of the log whose entity does not occur before it. undefined where the sample is not the whole
 * log, since thinned histories are shorter than they are, or where times do not sort as texts or numbers.
 */
export function emptyShare(rows: readonly (readonly string[])[], roles: GuessedRoles): number | undefined {
  const { entity, timestamp } = roles;
  if (entity === undefined || timestamp === undefined || rows.length >= SAMPLE_ROWS) return undefined;
  if (timestamp.time.unit === 'format') return undefined;
  const key = (text: string): number | string => (timestamp.time.unit === 'iso' ? text : Number(text));
  const sorted = rows
    .map((row) => ({ entity: row[entity.index]!, at: key(row[timestamp.index]!) }))
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  const boundary = Math.round(sorted.length * (1 - TEST_SHARE));
  const known = new Set(sorted.slice(0, boundary).map((row) => row.entity));
  const judged = sorted.slice(boundary);
  if (judged.length === 0) return undefined;
  const cold = judged.filter((row) => !known.has(row.entity)).length / judged.length;
  // Every member with a past, or hardly one, would leave the other case without any training.
  return Math.min(0.95, Math.max(0.05, cold));
}
