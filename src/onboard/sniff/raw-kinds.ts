// Files that are no table of text, told by their first bytes: better named than guessed at.
import { UserError } from '../../errors.js';

const KINDS: readonly (readonly [mark: string, what: string, next: string])[] = [
  ['504b0304', 'a ZIP archive or a spreadsheet', 'Unpack it, or save the sheet as CSV.'],
  ['d0cf11e0', 'an old spreadsheet', 'Save the sheet as CSV.'],
  ['53514c69746520666f726d6174', 'an SQLite database', 'Export the table of the log as CSV.'],
  ['4152524f5731', 'an Arrow (Feather) file', 'Write it as Parquet.'],
  ['4f5243', 'an ORC file', 'Write it as Parquet.'],
  ['4f626a01', 'an Avro file', 'Write it as Parquet or JSON lines.'],
  ['425a68', 'packed with bzip2', 'Unpack it, or pack it with gzip or zstd.'],
  ['fd377a585a00', 'packed with xz', 'Unpack it, or pack it with gzip or zstd.'],
  ['8004', 'a Python pickle', 'Write the table as Parquet or CSV.'],
  ['25504446', 'a PDF', 'Name the log itself.'],
  ['fffe0000', 'UTF-32', 'Convert it to UTF-8.'],
];
/** Texts that are no tables, by how they begin. */
const TEXTS: readonly (readonly [begin: RegExp, what: string, next: string])[] = [
  [/^\s*<(!doctype|html|\?xml|table|[a-z]+>)/i, 'HTML or XML', 'Save the table as CSV.'],
  [
    /^\s*(--[^\n]*\n\s*)*(insert into|create table|copy\s+\S+.*\bfrom stdin|drop table|begin;|set\s+\S+\s*=)/i,
    'a dump of a database in SQL',
    'Export the table of the log as CSV.',
  ],
];
const PACKED: readonly (readonly [mark: string, suffix: string])[] = [
  ['1f8b', '.gz'],
  ['28b52ffd', '.zst'],
];

/** Throws `UserError` SNIFF_OTHER_KIND for a file whose first bytes say that it is no table prep can read. */
export function refuseOtherKinds(path: string, start: Buffer): void {
  const bytes = start.toString('hex');
  const refuse = (what: string, next: string): UserError =>
    new UserError({ code: 'SNIFF_OTHER_KIND', where: path, what: `The file is ${what}.`, next });
  for (const [mark, what, next] of KINDS) if (bytes.startsWith(mark)) throw refuse(what, next);
  for (const [begin, what, next] of TEXTS) if (begin.test(start.toString('latin1'))) throw refuse(what, next);
  for (const [mark, suffix] of PACKED) {
    if (bytes.startsWith(mark) && !path.endsWith(suffix))
      throw refuse(`packed, but its name does not end in ${suffix}`, `Call it …${suffix}.`);
    if (!bytes.startsWith(mark) && path.endsWith(suffix))
      throw refuse(`not packed as its name says`, `Take ${suffix} from its name, or fetch it again.`);
  }
}

/** Whether text is UTF-16: by its mark, or by the NUL that every second byte of ordinary text then is. Throws for the rare kind without a mark. */
export function isUtf16(path: string, start: Buffer): boolean {
  if (start.length < 2) return false;
  const mark = start.readUInt16BE(0);
  if (mark === 0xfeff || mark === 0xfffe) return true;
  const nulls = (odd: number): number => start.filter((byte, at) => byte === 0 && at % 2 === odd).length;
  if (nulls(1) > start.length / 4 && nulls(0) === 0) return true;
  if (nulls(0) > start.length / 4 && nulls(1) === 0)
    throw new UserError({
      code: 'SNIFF_OTHER_KIND',
      where: path,
      what: 'The file is UTF-16 with the high byte first and no mark that says so.',
      next: 'Convert it to UTF-8.',
    });
  return false;
}
