// `eval.json` and the map of embeddings beside it: what a run gave on test rows, next to its baselines.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic, writeJsonAtomic } from '../atomic-files.js';
import type { AdaptationCurves, EmbeddingMap } from '../evaluation/adaptation/adaptation-result.js';
import type { EvaluationResult, ModelResult } from '../evaluation/evaluation-result.js';
import { fromVersion1, type Version1 } from './evaluation-version-1.js';
import type { RunPlace } from './find.js';
import { readRunJson } from './read.js';

export interface RunEvaluation extends Omit<EvaluationResult, 'models'> {
  readonly run: string;
  readonly path: string;
  readonly dataset: string;
  /** Parquet file of the scored rows. */
  readonly scores: string;
  /** What the true probabilities reach on the test rows; synthetic data only. */
  readonly oracle: { readonly auc: number } | null;
  readonly models: readonly (ModelResult & { readonly run: string })[];
  /** What adaptation buys; absent for a model that adapts nothing, and where it was left out. */
  readonly adaptation?: AdaptationCurves;
}

const EVALUATION = 'eval.json';
/** Beside it, because it is long and says nothing to a reader. */
const EMBEDDING_MAP = 'embedding-map.json';

const FORMAT = { format: 'limaml-evaluation', version: 2 } as const;

/** Enough to tell an evaluation of one layout from others; what is inside it is its writer's. */
const layout = z.looseObject({
  models: z.array(z.looseObject({ model: z.string(), run: z.string() })).nonempty(),
  comparisons: z.array(z.unknown()),
  curves: z.array(z.unknown()),
  conditions: z.array(z.string()),
});
const present = layout.extend({
  format: z.literal(FORMAT.format),
  version: z.literal(FORMAT.version),
  metrics: z.array(z.looseObject({ name: z.string(), title: z.string() })),
});
/** The first layout had no version, and named every metric as a field. */
const first = layout.extend({
  format: z.undefined().optional(),
  definitions: z.record(z.string(), z.string()),
});

const UNKNOWN = 'This is no evaluation that this version understands';
const fits = <T>(schema: z.ZodType) => z.custom<T>((value) => schema.safeParse(value).success, UNKNOWN);
const evaluationSchema = z.union(
  [
    fits<RunEvaluation & typeof FORMAT>(present).transform(
      ({ format: _, version: __, ...evaluation }): RunEvaluation => evaluation,
    ),
    fits<Version1>(first).transform((stored) => fromVersion1(stored) as RunEvaluation),
  ],
  UNKNOWN,
);

const mapSchema: z.ZodType<EmbeddingMap> = z.object({
  model: z.string(),
  size: z.number(),
  entities: z.number(),
  sampledFrom: z.number().nullable(),
  explained: z.tuple([z.number(), z.number()]).nullable(),
  segments: z.array(z.string()),
  movement: z.array(z.number().nullable()),
  segment: z.array(z.number()),
  x: z.array(z.number()),
  y: z.array(z.number()),
});

/** Writes both; without a map an older one is removed. */
export async function writeEvaluation(
  runPath: string,
  evaluation: RunEvaluation,
  map: EmbeddingMap | undefined,
): Promise<void> {
  const path = join(runPath, EMBEDDING_MAP);
  if (map === undefined) await rm(path, { force: true });
  else await writeFileAtomic(path, `${JSON.stringify(map)}\n`);
  await writeJsonAtomic(join(runPath, EVALUATION), { ...FORMAT, ...evaluation });
}

/** Null where the run has not been evaluated. Throws RUN_DAMAGED, for an evaluation of another version too. */
export function readEvaluation({ id, path }: RunPlace): RunEvaluation | null {
  const file = join(path, EVALUATION);
  return existsSync(file) ? readRunJson(file, evaluationSchema, again(id)) : null;
}

/** Null where there is none. Throws RUN_DAMAGED. */
export function readEmbeddingMap({ id, path }: RunPlace): EmbeddingMap | null {
  const file = join(path, EMBEDDING_MAP);
  return existsSync(file) ? readRunJson(file, mapSchema, again(id)) : null;
}

function again(id: string): string {
  return `Evaluate the run again: limaml eval ${id}`;
}
