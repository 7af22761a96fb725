// Rows from all of a file of JSON lines: every key that any of them has is a column.
import { isUtf8 } from 'node:buffer';
import type { Database } from '../../database/database.js';
import { UserError } from '../../errors.js';
import type { TextEncoding } from '../../prep/descriptor/encodings.js';
import { leaves, looseJson, parseObject } from '../../prep/sources/json-objects.js';
import { LIST_MARK } from '../../prep/sources/nested-values.js';
import { physicalLines } from '../../prep/sources/physical-lines.js';
import { repeatedKey } from '../../prep/sources/repeated-key.js';
import type { SampledRows } from './sampled-rows.js';
import { SAMPLE_ROWS, spreadBytes, thinned } from './spread-sample.js';
import { unknownEncoding } from './unknown-encoding.js';

/** Throws `UserError` SNIFF_NOT_JSON_LINES where fewer than half of the lines hold an object. */
export async function readJsonLines(
  database: Database,
  path: string,
  encoding: TextEncoding = 'utf-8',
): Promise<SampledRows> {
  const sample = thinned<string>(SAMPLE_ROWS);
  let last = '';
  const wrong: Buffer[] = [];
  let several = 0;
  for await (const bytes of physicalLines(spreadBytes(database, path, encoding))) {
    if (encoding === 'utf-8' && !isUtf8(bytes)) wrong.push(bytes, Buffer.from('\n'));
    else if (bytes.some((byte) => byte >= 0x80)) several++;
    const text = bytes
      .toString(encoding === 'latin-1' ? 'latin1' : 'utf8')
      .replace(/^\ufeff/, '')
      .trim();
    if (text === '') continue;
    last = text;
    sample.push(text);
  }
  // As of delimited text: where most lines that can tell are UTF-8, the rest is damaged.
  if (wrong.length > several) throw unknownEncoding(path, Buffer.concat(wrong));
  // What goes wrong first at the end is a file that was cut off.
  const lines = sample.items.at(-1) === last ? sample.items : [...sample.items, last];
  const objects: Readonly<Record<string, unknown>>[] = [];
  let broken: { readonly text: string; readonly reason: string } | undefined;
  let bad = 0;
  for (const text of lines) {
    const object = parseObject(text);
    const repeated =
      object &&
      repeatedKey(
        text,
        leaves(object).map(([path]) => path),
      );
    if (object !== undefined) objects.push(object);
    if (object !== undefined && repeated === undefined) continue;
    bad++;
    const reason = repeated === undefined ? reasonOf(text) : `an object with "${repeated}" more than once`;
    broken ??= { text, reason };
  }
  if (objects.length * 2 < lines.length || objects.length === 0)
    throw new UserError({
      code: 'SNIFF_NOT_JSON_LINES',
      where: path,
      what: `The file begins like JSON, but its lines are no objects: "${broken?.text.slice(0, 60)}" is ${broken?.reason}.`,
      next: "JSON lines hold one object a line; jq -c '.' makes them of objects that run over several.",
    });
  const flat = objects.map((object) => new Map(leaves(object)));
  const names = [...new Set(flat.flatMap((values) => [...values.keys()]))];
  const exception =
    broken === undefined
      ? ''
      : `, but for ${bad} of ${lines.length} looked at: "${broken.text.slice(0, 60)}" is ${broken.reason}; prep names the line`;
  return {
    source: { format: 'jsonl', ...(encoding === 'utf-8' ? {} : { encoding }) },
    names,
    rows: flat.map((values) => names.map((name) => cellText(values.get(name)).trim())),
    reasons: [{ what: 'format', value: 'jsonl', reason: `every line is a JSON object${exception}` }],
  };
}

function reasonOf(text: string): string {
  try {
    JSON.parse(looseJson(text));
    return 'no object';
  } catch (error) {
    return error instanceof Error ? `no JSON (${error.message})` : 'no JSON';
  }
}

/** As prep makes texts of JSON values. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((member) => `${LIST_MARK}${memberText(member)}`).join('');
  return String(value);
}

const memberText = (value: unknown): string =>
  value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
