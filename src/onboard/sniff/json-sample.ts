// Rows from all of a file of JSON lines: every key that any of them has is a column.
import type { Database } from '../../database/database.js';
import { UserError } from '../../errors.js';
import { leaves, looseJson, parseObject } from '../../prep/sources/json-objects.js';
import { LIST_MARK } from '../../prep/sources/nested-values.js';
import { physicalLines } from '../../prep/sources/physical-lines.js';
import type { SampledRows } from './sampled-rows.js';
import { SAMPLE_ROWS, spreadBytes, thinned } from './spread-sample.js';

/** Throws `UserError` SNIFF_NOT_JSON_LINES where fewer than half of the lines hold an object. */
export async function readJsonLines(database: Database, path: string, utf16: boolean): Promise<SampledRows> {
  const encoding = utf16 ? 'utf-16' : 'utf-8';
  const sample = thinned<string>(SAMPLE_ROWS);
  let last = '';
  for await (const bytes of physicalLines(spreadBytes(database, path, encoding))) {
    const text = bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trim();
    if (text === '') continue;
    last = text;
    sample.push(text);
  }
  // What goes wrong first at the end is a file that was cut off.
  const lines = sample.items.at(-1) === last ? sample.items : [...sample.items, last];
  const objects: Readonly<Record<string, unknown>>[] = [];
  let broken: { readonly text: string; readonly reason: string } | undefined;
  for (const text of lines) {
    const object = parseObject(text);
    if (object !== undefined) objects.push(object);
    else broken ??= { text, reason: reasonOf(text) };
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
  const bad = lines.length - objects.length;
  const exception =
    broken === undefined
      ? ''
      : `, but for ${bad} of ${lines.length} looked at: "${broken.text.slice(0, 60)}" is ${broken.reason}; prep names the line`;
  return {
    source: { format: 'jsonl', ...(utf16 ? { encoding } : {}) },
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
