// A prepared log of any number of members, three events each, and one new event of every member: all made by the database.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/database.js';
import { copyTo } from '../../src/database/files.js';
import { descriptorSchema } from '../../src/prep/descriptor/descriptor.js';
import { prepare } from '../../src/prep/prepare.js';

const ITEMS = 20_000;
const EVENTS_EACH = 3;
/** Different numbers of unequal length, so that the order of texts is not that of numbers: by a prime, so that none comes twice. */
const ID = 'CAST(((i % {members}) + 1) * 1000003 % 9999999967 AS VARCHAR)';
const FIRST_MS = 1_600_000_000_000;

/** Prepares the log in `folder`; gives the prepared folder, and writes `new.csv` beside it, which `limaml refresh` reads. */
export async function madeUpMembers(folder: string, members: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const database = await openDatabase({
    memoryLimitMb: 1024,
    threads: 2,
    spillDirectory: join(folder, 'spill'),
  });
  const rows = (from: number, to: number): string =>
    `SELECT ${ID.replaceAll('{members}', String(members))} AS member, hash(i + 1000000007) % ${ITEMS} AS item,
      ${FIRST_MS} + i * 10 AS time, CAST(hash(i + 2000000011) % 100 < 30 AS INTEGER) AS label,
      'd' || CAST(hash(i + 3000000019) % 5 AS VARCHAR) AS device FROM range(${from}, ${to}) t(i)`;
  try {
    const logged = rows(0, members * EVENTS_EACH);
    await database.run(copyTo(logged, join(folder, 'events.parquet'), 'FORMAT parquet'));
    const fresh = rows(members * EVENTS_EACH, members * (EVENTS_EACH + 1));
    await database.run(copyTo(fresh, join(folder, 'new.csv'), 'FORMAT csv, HEADER'));
  } finally {
    database.close();
  }
  const { path } = await prepare({
    descriptor: descriptorSchema.parse(DESCRIPTOR),
    dataDirectory: folder,
    outDirectory: join(folder, 'prepared'),
    threads: 2,
  });
  return path;
}

const DESCRIPTOR = {
  name: 'members',
  licence: 'made up',
  source: {},
  events: { files: 'events.parquet', format: 'parquet' },
  columns: {
    entity: 'member',
    item: 'item',
    timestamp: { column: 'time', unit: 'ms' },
    label: { kind: 'binary', column: 'label' },
  },
  features: [{ name: 'device', side: 'event', kind: 'categorical' }],
  split: { kind: 'global-time', test: 0.1, valid: 0.05 },
};
