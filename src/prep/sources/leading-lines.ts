// What stands before the table in a delimited file, and lines among its rows that are none.
import type { Database } from '../../database/database.js';
import type { SourceDescriptor } from '../descriptor/source.js';
import { physicalLines } from './physical-lines.js';
import type { SourceFile } from './source-file.js';
import { firstLines, textBytes } from './text-lines.js';

/** Lines beyond those skipped within which a header must come. */
const LONGEST_PREAMBLE = 1000;

/** Whether a line is a comment by the descriptor. */
export const isComment = (line: string, { comment }: SourceDescriptor): boolean =>
  comment !== undefined && line.trimStart().startsWith(comment);

/** Lines before the header (the first row): those skipped, then empty ones and comments. */
export async function linesBefore(database: Database, file: SourceFile): Promise<number> {
  return (await firstRecordLine(database, file)).before;
}

/** The first line that counts, decoded, and how many stand before it; undefined where no line counts. */
export async function firstRecordLine(
  database: Database,
  { path, source }: SourceFile,
): Promise<{ readonly before: number; readonly line: string | undefined }> {
  const { skip = 0, encoding } = source;
  const count = skip + 1;
  const decode = (line: Buffer): string => line.toString(encoding === 'latin-1' ? 'latin1' : 'utf8');
  const counts = (line: Buffer, index: number): boolean => {
    const text = decode(line);
    return index >= skip && text.trim() !== '' && !isComment(text, source);
  };
  for (const wanted of [count, count + LONGEST_PREAMBLE]) {
    const lines = await firstLines(database, path, wanted, encoding);
    const before = lines.findIndex(counts);
    if (before >= 0) return { before, line: decode(lines[before]!) };
    if (lines.length < wanted) break;
  }
  return { before: skip, line: undefined };
}

/** Whether a comment stands after the first line that counts: only the careful reader leaves those out. */
export async function hasLaterComment(
  database: Database,
  { path, source }: SourceFile,
  before: number,
): Promise<boolean> {
  let line = 0;
  for await (const bytes of physicalLines(textBytes(database, path, source.encoding)))
    if (line++ > before && isComment(bytes.toString('latin1'), source)) return true;
  return false;
}
