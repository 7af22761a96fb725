// `metrics.jsonl`: one line an epoch, appended as it happens; free of clock times, so that equal runs write equal bytes.
import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../atomic-files.js';

export type MetricsRecord = Readonly<Record<string, number | string | boolean | null>>;

/** Appends one record. */
export async function appendMetrics(runPath: string, record: MetricsRecord): Promise<void> {
  await appendFile(join(runPath, 'metrics.jsonl'), `${JSON.stringify(record)}\n`);
}

/** All records in order. A last line without its end was cut off while being written and is left out. */
export async function readMetrics(runPath: string): Promise<readonly MetricsRecord[]> {
  const path = join(runPath, 'metrics.jsonl');
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as MetricsRecord);
}

/** Keeps the first `count` records: a resumed run repeats the epochs after its last checkpoint. */
export async function truncateMetrics(runPath: string, count: number): Promise<void> {
  const kept = (await readMetrics(runPath)).slice(0, count);
  await writeFileAtomic(
    join(runPath, 'metrics.jsonl'),
    kept.map((record) => `${JSON.stringify(record)}\n`).join(''),
  );
}
