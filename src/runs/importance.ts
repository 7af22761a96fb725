// `importance.json`: what each feature is worth to a run's model, beside its evaluation.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Importance } from '../evaluation/importance/importance-result.js';
import { readDone } from './done.js';
import { readRunJson, runDamaged, writeRunJson } from './json.js';
import type { RunPlace } from './places.js';

const IMPORTANCE = 'importance.json';
const FORMAT = { format: 'limaml-importance', version: 1 } as const;
const MODEL = 'checkpoint/model.safetensors';

const number = z.number().nullable();
const spread = z.object({ mean: z.number(), low: number, high: number });
const schema = z.object({
  format: z.literal(FORMAT.format),
  version: z.literal(FORMAT.version),
  /** SHA-256 of the model that was scored. */
  trained: z.string(),
  importance: z.object({
    model: z.string(),
    split: z.literal('test'),
    rows: z.number(),
    entities: z.number(),
    sampledFrom: z.object({ rows: z.number(), entities: z.number() }).nullable(),
    repeats: z.number(),
    seed: z.number(),
    level: z.number(),
    auc: number,
    logLoss: z.number(),
    fields: z.array(
      z.object({
        field: z.string(),
        of: z.enum(['entity', 'item', 'event', 'id']),
        auc: spread.nullable(),
        logLoss: spread,
      }),
    ),
    conditions: z.array(z.string()),
  }),
});

export async function writeImportance(runPath: string, importance: Importance): Promise<void> {
  const trained = readDone(runPath).files[MODEL] ?? '';
  await writeRunJson(join(runPath, IMPORTANCE), { ...FORMAT, trained, importance });
}

/** Null where it was not measured. Throws RUN_DAMAGED, for that of another model too. */
export function readImportance({ id, path }: Pick<RunPlace, 'id' | 'path'>): Importance | null {
  const file = join(path, IMPORTANCE);
  if (!existsSync(file)) return null;
  const again = `Measure it again: limaml report ${id} --importance`;
  const { trained, importance } = readRunJson(file, schema, again);
  if (trained !== (readDone(path).files[MODEL] ?? ''))
    throw runDamaged(file, 'This was measured on another model.', again);
  return importance;
}
