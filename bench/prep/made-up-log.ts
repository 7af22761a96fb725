// A log of any length with six columns, written by the database in one pass: in time order, members and items at random.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/database.js';
import { quoted } from '../../src/database/sql.js';

/** The same at every length, so that only the number of events differs. */
const MEMBERS = 100_000;
const ITEMS = 20_000;

export type LogFormat = 'csv' | 'parquet';

/**
 * Writes `events.<format>` with a descriptor and a recipe that trains one epoch into `directory`; returns the log's bytes.
 * Every tenth item is liked; the rest is noise, and so are `moreFeatures` categorical features of events beside two.
 */
export async function makeLog(
  directory: string,
  rows: number,
  format: LogFormat,
  { members = MEMBERS, moreFeatures = 0 }: { readonly members?: number; readonly moreFeatures?: number } = {},
): Promise<number> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, `events.${format}`);
  const more = Array.from({ length: moreFeatures }, (_, i) => `more${i}`);
  const database = await openDatabase({ memoryLimitMb: 1024, threads: 2 });
  try {
    await database.run(
      `COPY (SELECT 'm' || CAST(hash(i) % ${members} AS VARCHAR) AS member, hash(i + 1000000007) % ${ITEMS} AS item,
          1600000000 + i // 10 AS time, CAST(hash(i + 2000000011) % 100 < CASE WHEN hash(i + 1000000007) % 10 = 0 THEN 60 ELSE 20 END AS INTEGER) AS label,
          'd' || CAST(hash(i + 3000000019) % 5 AS VARCHAR) AS device, round(hash(i + 4000000007) % 100000 / 1000.0, 3) AS price${more
            .map(
              (name, i) =>
                `, 'v' || CAST(hash(i + ${5_000_000_029 + i * 1_000_003}) % 50 AS VARCHAR) AS ${name}`,
            )
            .join('')}
        FROM range(${rows}) t(i)) TO ${quoted(path)} (${format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT parquet'})`,
    );
  } finally {
    database.close();
  }
  await writeFile(join(directory, 'log.yaml'), descriptor(format, more));
  await writeFile(join(directory, 'experiment.yaml'), RECIPE);
  return (await stat(path)).size;
}

const descriptor = (format: LogFormat, more: readonly string[]): string => `name: log
licence: made up
source: {}
events: { files: events.${format}, format: ${format} }
columns:
  entity: member
  item: item
  timestamp: { column: time, unit: s }
  label: { kind: binary, column: label }
features:
  - { name: device, side: event, kind: categorical }
  - { name: price, side: event, kind: numeric }
${more.map((name) => `  - { name: ${name}, side: event, kind: categorical }\n`).join('')}split: { kind: global-time, test: 0.1, valid: 0.05 }
`;

const RECIPE = `name: log
dataset: log.yaml
model:
  name: limaml
  embedding: { size: 4 }
  meta: { hidden: [8], size: 4 }
  global: { hidden: [8] }
  episodes: { tasks: 512, maxSupport: 8, maxQuery: 8 }
training: { epochs: 1 }
seed: 1
`;
