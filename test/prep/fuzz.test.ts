// Whatever the bytes, prep either succeeds or says what is wrong: never another failure, never half a folder.
import { readdir, readFile, rm } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { quoted } from '../../src/database/sql.js';
import { UserError, UserErrors } from '../../src/errors.js';
import { allEvents, type Folder, plain, prep, type RawDescriptor, temporaryFolder } from './prep-harness.js';

/** More of them by hand, after the readers were changed. */
const RUNS = Number(process.env['LIMAML_FUZZ_RUNS'] ?? 30);

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const features: RawDescriptor['features'] = [
  { name: 'device', side: 'event', kind: 'categorical' },
  { name: 'price', side: 'event', kind: 'numeric' },
  { name: 'tags', side: 'event', kind: 'multi' },
];
type Events = NonNullable<RawDescriptor['events']>;
const log = (files: string, parts: Partial<Events> = {}): RawDescriptor =>
  plain({ events: { files, ...parts }, features, duplicates: 'keep' });

/** Preps `content`; returns the rows stored, or undefined where it was refused in words. */
async function rowsOf(
  content: Uint8Array | string,
  input: RawDescriptor,
  onError: 'stop' | 'reject',
): Promise<number | undefined> {
  await rm(`${folder.path}/prepared`, { recursive: true, force: true });
  await folder.write(String(input.events!.files), content);
  const outcome = await prep(folder, input, { onError }).catch((error: unknown) => {
    if (error instanceof UserError || error instanceof UserErrors) return undefined;
    throw error;
  });
  const left = await readdir(`${folder.path}/prepared`).catch(() => []);
  expect(left).toHaveLength(outcome === undefined ? 0 : 1);
  if (outcome === undefined) return undefined;
  const events = await allEvents(outcome.dataset);
  expect(events).toHaveLength(outcome.result.rows);
  return events.length;
}

const onError = fc.constantFrom('stop' as const, 'reject' as const);
const formats = fc.constantFrom<readonly [string, Partial<Events>]>(
  ['e.csv', {}],
  ['e.csv', { header: false, columns: ['user', 'item', 'time', 'label', 'device', 'price', 'tags'] }],
  ['e.tsv', { delimiter: '\t', quote: 'none' }],
  ['e.jsonl', { format: 'jsonl' }],
  ['e.parquet', { format: 'parquet' }],
  ['e.csv.gz', {}],
  ['e.csv.zst', {}],
  ['e.jsonl.gz', { format: 'jsonl' }],
);
const HEADER = 'user,item,time,label,device,price,tags\n';

test('random bytes, with and without a good beginning', async () => {
  await fc.assert(
    fc.asyncProperty(
      formats,
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('', HEADER, 'PAR1', '{"user":', '\u001f\u008b'),
      onError,
      async ([file, parts], bytes, start, mode) => {
        await rowsOf(Buffer.concat([Buffer.from(start, 'latin1'), bytes]), log(file, parts), mode);
      },
    ),
    { numRuns: 2 * RUNS, seed: 1 },
  );
});

const value = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('a', 'b', '1', '0', '1600000000', '3.5', '', 'x|y', '"q,""q"', '"two\nlines"'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"',
      '""',
      'a"b',
      '\\',
      '\u0000',
      '\r',
      'NaN',
      '1e400',
      '-',
      '\u00ff',
      '"open',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 6, unit: 'binary' }) },
);
const record = fc.oneof(
  { weight: 5, arbitrary: fc.array(value, { minLength: 7, maxLength: 7 }) },
  { weight: 1, arbitrary: fc.array(value, { maxLength: 9 }) },
);

test('random CSV: with rejection a good row survives whatever follows it', async () => {
  let prepared = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { maxLength: 12 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      onError,
      async (records, end, packed, mode) => {
        const good = 'u,i,1600000000,1,d,2,t';
        const body = `${HEADER}${[good, ...records.map((fields) => fields.join(','))].join(end)}${end}`;
        const content = packed ? gzipSync(body) : body;
        const rows = await rowsOf(content, log(packed ? 'e.csv.gz' : 'e.csv'), mode);
        if (rows !== undefined) prepared++;
        // The first row is good whatever follows.
        if (mode === 'reject') expect(rows).toBeGreaterThanOrEqual(1);
      },
    ),
    { numRuns: RUNS, seed: 2 },
  );
  expect(prepared).toBeGreaterThan(RUNS / 4);
});

test('truncated and flipped gzip and Parquet', async () => {
  const body = `${HEADER}${Array.from({ length: 300 }, (_, i) => `u${i % 50},i${(i * 7919) % 977},${1600000000 + i},${i % 2},d${i % 3},${i % 17},a|b\n`).join('')}`;
  await folder.write('whole.csv', body);
  const database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
  const parquetPath = quoted(`${folder.path}/whole.parquet`);
  await database.run(
    `COPY (FROM read_csv(${quoted(`${folder.path}/whole.csv`)}, all_varchar = true)) TO ${parquetPath} (FORMAT parquet)`,
  );
  database.close();
  const parquet = await readFile(`${folder.path}/whole.parquet`);
  const files = { 'e.csv.gz': gzipSync(body), 'e.parquet': parquet };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('e.csv.gz' as const, 'e.parquet' as const),
      fc.double({ min: 0, max: 0.9999, noNaN: true }),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      onError,
      async (file, place, flip, cut, mode) => {
        const whole = files[file];
        const at = Math.floor(place * whole.length);
        const broken = Buffer.from(cut ? whole.subarray(0, at) : whole);
        if (!cut) broken[at]! ^= flip;
        const rows = await rowsOf(broken, log(file, file === 'e.parquet' ? { format: 'parquet' } : {}), mode);
        // A file that is cut off is never taken for a shorter one.
        if (cut) expect(rows).toBeUndefined();
      },
    ),
    { numRuns: RUNS, seed: 3 },
  );
});
