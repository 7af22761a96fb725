// `eval.json` and the map of embeddings beside it: what a run gave on test rows, next to its baselines.
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { inTurn } from '../claim.js';
import type { AdaptationCurves, EmbeddingMap } from '../evaluation/adaptation/adaptation-result.js';
import type { EvaluationConfig } from '../evaluation/config/evaluation-config.js';
import type { ReplayConfig } from '../evaluation/config/replay-config.js';
import type { EvaluationResult, ModelResult } from '../evaluation/evaluation-result.js';
import { hashBytes, hashFile } from '../hash.js';
import { fromVersion1, type Version1 } from './evaluation-version-1.js';
import { readRunJson, runDamaged, writeRunJson } from './json.js';
import type { RunPlace } from './places.js';

/** An evaluation in which each model's result names its run. */
type EvaluatedRuns = Omit<EvaluationResult, 'models'> & {
  readonly models: readonly (ModelResult & { readonly run: string })[];
};

/** The same rows scored as the log goes by. The evaluated model's frozen scores are a baseline here. */
export interface ReplayEvaluation extends EvaluatedRuns {
  readonly protocol: ReplayConfig;
  /** What of it is not as with frozen vectors, `refresh=1d`: in names of columns, and in text. */
  readonly label: string;
}

/** Every model with frozen vectors, and what else was asked for. */
export interface RunEvaluation extends EvaluatedRuns {
  readonly run: string;
  readonly path: string;
  readonly dataset: string;
  /** With what it was made; evaluations of earlier versions do not say. */
  readonly config?: EvaluationConfig;
  /** Parquet file of the scored rows. */
  readonly scores: string;
  /** What the true probabilities reach on the test rows; synthetic data only. */
  readonly oracle: { readonly auc: number } | null;
  /** One for each protocol beside frozen vectors. */
  readonly replays: readonly ReplayEvaluation[];
  /** Features read by any of the models that aggregate the entity's own past, and so bias metrics within entities. */
  readonly movingHistory: readonly string[];
  /** SHA-256 of the files beside it; evaluations of earlier versions have none. */
  readonly files?: Readonly<Record<string, string>>;
  /** What adaptation buys; absent for a model that adapts nothing, and where it was left out. */
  readonly adaptation?: AdaptationCurves;
}

const EVALUATION = 'eval.json';
const SCORES = 'scores.parquet';
/** There while a process writes the three. */
const EVALUATING = 'EVALUATING';
const PATIENCE_MS = 60_000;
/** Beside it, because it is long and says nothing to a reader. */
const EMBEDDING_MAP = 'embedding-map.json';

const FORMAT = { format: 'limaml-evaluation', version: 3 } as const;

/** Enough to tell an evaluation of one layout from others; what is inside it is its writer's. */
const layout = z.looseObject({
  models: z.array(z.looseObject({ model: z.string(), run: z.string() })).nonempty(),
  comparisons: z.array(z.unknown()),
  curves: z.array(z.unknown()),
  conditions: z.array(z.string()),
});
const metrics = z.array(z.looseObject({ name: z.string(), title: z.string() }));
const present = layout.extend({
  format: z.literal(FORMAT.format),
  version: z.literal(FORMAT.version),
  metrics,
  replays: z.array(layout.extend({ metrics, protocol: z.record(z.string(), z.string()), label: z.string() })),
});
/** The second knew frozen vectors alone. */
const second = layout.extend({ format: z.literal(FORMAT.format), version: z.literal(2), metrics });
/** The first layout had no version, and named every metric as a field. */
const first = layout.extend({
  format: z.undefined().optional(),
  definitions: z.record(z.string(), z.string()),
});

const FROZEN_ALONE = { replays: [], movingHistory: [] } as const;
type FrozenAlone = Omit<RunEvaluation, keyof typeof FROZEN_ALONE>;

const UNKNOWN = 'This is no evaluation that this version understands';
const fits = <T>(schema: z.ZodType) => z.custom<T>((value) => schema.safeParse(value).success, UNKNOWN);
const evaluationSchema = z.union(
  [
    fits<RunEvaluation & typeof FORMAT>(present).transform(
      ({ format: _, version: __, ...evaluation }): RunEvaluation => evaluation,
    ),
    fits<FrozenAlone & { readonly format: unknown; readonly version: unknown }>(second).transform(
      ({ format: _, version: __, ...evaluation }): RunEvaluation => ({ ...evaluation, ...FROZEN_ALONE }),
    ),
    fits<Version1>(first).transform(
      (stored): RunEvaluation => ({ ...(fromVersion1(stored) as FrozenAlone), ...FROZEN_ALONE }),
    ),
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

/**
 * Writes the scores, the map (without one an older one is removed) and, last, the evaluation with their hashes. Two evaluations of one
 * run at the same time write in turn: the files of the last stand together. Throws BUSY.
 */
export async function writeEvaluation(
  runPath: string,
  evaluation: Omit<RunEvaluation, 'scores' | 'files'>,
  map: EmbeddingMap | undefined,
  writeScores: (path: string) => Promise<void>,
): Promise<RunEvaluation> {
  const [scoresPath, mapPath] = [join(runPath, SCORES), join(runPath, EMBEDDING_MAP)];
  return inTurn(join(runPath, EVALUATING), PATIENCE_MS, async () => {
    await writeScores(scoresPath);
    if (map === undefined) await rm(mapPath, { force: true });
    else await writeRunJson(mapPath, map, 0);
    const files = {
      [SCORES]: await hashFile(scoresPath),
      ...(map === undefined ? {} : { [EMBEDDING_MAP]: await hashFile(mapPath) }),
    };
    const complete = { ...evaluation, scores: scoresPath, files };
    await writeRunJson(join(runPath, EVALUATION), { ...FORMAT, ...complete });
    return complete;
  });
}

/** Null where the run has not been evaluated. Throws RUN_DAMAGED, for an evaluation of another version too. */
export function readEvaluation({ id, path }: Pick<RunPlace, 'id' | 'path'>): RunEvaluation | null {
  const file = join(path, EVALUATION);
  return existsSync(file) ? readRunJson(file, evaluationSchema, again(id)) : null;
}

/** Null where there is none. Throws RUN_DAMAGED, for the map of another evaluation too. */
export function readEmbeddingMap({ id, path }: RunPlace): EmbeddingMap | null {
  const file = join(path, EMBEDDING_MAP);
  if (!existsSync(file)) return null;
  const map = readRunJson(file, mapSchema, again(id));
  const expected = readEvaluation({ id, path })?.files?.[EMBEDDING_MAP];
  if (expected !== undefined && expected !== hashBytes(readFileSync(file)))
    throw runDamaged(file, 'This is not the map that the evaluation wrote.', again(id));
  return map;
}

function again(id: string): string {
  return `Evaluate the run again: limaml eval ${id}`;
}
