// `metrics.jsonl`: one line an epoch, appended as it happens; free of clock times, so that equal runs write equal bytes.
import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../atomic-files.js';
import { UserError } from '../errors.js';
import type { EpochRecord } from '../training/train.js';

type EpochPlace = Pick<EpochRecord, 'phase' | 'epoch'>;

/** A line of `timings.jsonl`, kept apart from the metrics: no two runs take the same time. */
export interface TimingRecord extends EpochPlace {
  readonly seconds: number;
}

export function appendMetrics(runPath: string, record: EpochRecord): Promise<void> {
  return append(runPath, 'metrics.jsonl', record);
}

export function appendTiming(runPath: string, record: TimingRecord): Promise<void> {
  return append(runPath, 'timings.jsonl', record);
}

/** All epochs in order. A last line without its end was cut off while being written and is left out. */
export function readMetrics(runPath: string): Promise<readonly EpochRecord[]> {
  return read(runPath, 'metrics.jsonl');
}

/** Seconds of each epoch, in the order of the metrics. */
export function readTimings(runPath: string): Promise<readonly TimingRecord[]> {
  return read(runPath, 'timings.jsonl');
}

/** Seconds of all epochs that count, over all sittings. */
export async function totalSeconds(runPath: string): Promise<number> {
  return (await readTimings(runPath)).reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Drops what lies after `last`, which a resumed run goes through again. */
export async function keepMetrics(runPath: string, last: EpochPlace | null): Promise<void> {
  for (const file of ['metrics.jsonl', 'timings.jsonl']) {
    const kept = (await read<EpochPlace>(runPath, file)).filter(
      (record) => last !== null && !isAfter(record, last),
    );
    await writeFileAtomic(join(runPath, file), kept.map((record) => `${JSON.stringify(record)}\n`).join(''));
  }
}

/** Epochs are chosen first (`select`), then the refit runs. */
function isAfter(record: EpochPlace, last: EpochPlace): boolean {
  return record.phase === last.phase ? record.epoch > last.epoch : record.phase === 'refit';
}

async function append(runPath: string, file: string, record: object): Promise<void> {
  await appendFile(join(runPath, file), `${JSON.stringify(record)}\n`);
}

async function read<T>(runPath: string, file: string): Promise<readonly T[]> {
  const path = join(runPath, file);
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line, i) => {
    try {
      return JSON.parse(line) as T;
    } catch (error) {
      throw new UserError(
        {
          code: 'RUN_DAMAGED',
          where: `${path}:${i + 1}`,
          what: `This line cannot be read: ${(error as Error).message}.`,
          next: 'Restore the file, or remove the run.',
        },
        { cause: error },
      );
    }
  });
}
