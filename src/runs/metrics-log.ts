// `metrics.jsonl`: one line an epoch, appended as it happens; free of clock times, so that equal runs write equal bytes.
import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../atomic-files.js';
import { hashBytes, hashFile } from '../hash.js';
import type { EpochRecord } from '../training/training-state.js';
import { readRunLines, runDamaged } from './json.js';

export const METRICS_LOG = 'metrics.jsonl';
const TIMINGS = 'timings.jsonl';

/** JSON has no NaN: a number that is none was written as null. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const placeSchema = z.looseObject({ phase: z.enum(['select', 'refit']), epoch: z.number() });
type EpochPlace = Pick<EpochRecord, 'phase' | 'epoch'>;

const epochSchema = z.object({
  ...placeSchema.shape,
  loss: number,
  valid: z.object({ score: number }).catchall(z.number().nullable()).optional(),
  innerRate: z.number().optional(),
});

const timingSchema = z.object({ ...placeSchema.shape, seconds: z.number() });

/** A line of `timings.jsonl`, kept apart from the metrics: no two runs take the same time. */
export type TimingRecord = Readonly<z.output<typeof timingSchema>>;

export function appendMetrics(runPath: string, record: EpochRecord): Promise<void> {
  return append(runPath, METRICS_LOG, record);
}

export function appendTiming(runPath: string, record: TimingRecord): Promise<void> {
  return append(runPath, TIMINGS, record);
}

/** All epochs in order. Throws RUN_DAMAGED. */
export function readMetrics(runPath: string): readonly EpochRecord[] {
  return linesOf(join(runPath, METRICS_LOG), epochSchema) as readonly EpochRecord[];
}

/** Names of the metrics that were followed on validation rows. */
export function followedNames(records: readonly Pick<EpochRecord, 'valid'>[]): readonly string[] {
  const names = new Set(records.flatMap(({ valid }) => Object.keys(valid ?? {})));
  names.delete('score'); // one of them again, as "larger is better"
  return [...names];
}

/** Seconds of each epoch, in the order of the metrics. */
export function readTimings(runPath: string): readonly TimingRecord[] {
  return linesOf(join(runPath, TIMINGS), timingSchema);
}

/** Seconds of all epochs that count, over all sittings. */
export function totalSeconds(runPath: string): number {
  return readTimings(runPath).reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Hash of the metrics so far. */
export async function metricsDigest(runPath: string): Promise<string> {
  return hashFile(join(runPath, METRICS_LOG));
}

/**
 * Drops what lies after `last`, which a resumed run goes through again. Throws RUN_DAMAGED where the metrics up to there are not those
 * of `digest`, if that is known.
 */
export async function keepMetrics(runPath: string, last: EpochPlace | null, digest = ''): Promise<void> {
  for (const file of [METRICS_LOG, TIMINGS]) {
    const path = join(runPath, file);
    const kept = linesOf(path, placeSchema).filter((record) => last !== null && !isAfter(record, last));
    const text = kept.map((record) => `${JSON.stringify(record)}\n`).join('');
    if (file === METRICS_LOG && digest !== '' && hashBytes(Buffer.from(text)) !== digest)
      throw runDamaged(path, 'The metrics are not those that the checkpoint was written with.');
    await writeFileAtomic(path, text);
  }
}

/** Epochs are chosen first (`select`), then the refit runs. */
function isAfter(record: EpochPlace, last: EpochPlace): boolean {
  return record.phase === last.phase ? record.epoch > last.epoch : record.phase === 'refit';
}

async function append(runPath: string, file: string, record: object): Promise<void> {
  await appendFile(join(runPath, file), `${JSON.stringify(record)}\n`);
}

/** Nothing where there is no such file yet. */
function linesOf<S extends z.ZodType>(path: string, schema: S): readonly z.output<S>[] {
  return existsSync(path) ? readRunLines(path, schema) : [];
}
