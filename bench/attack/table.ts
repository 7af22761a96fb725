// The table of attacks: kind, what is tried, tries, wrong; as text and in docs/reliability.md.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Attack } from './context.js';
import type { Tally } from './outcome.js';

export interface TableRow {
  readonly attack: Attack;
  readonly tally: Tally;
}

const BEGIN = '<!-- attack: npm run attack -- --write -->';
const END = '<!-- attack: end -->';
const HEAD = ['| kind | what | tries | wrong |', '|---|---|---:|---:|'];

const line = ({ attack, tally }: TableRow): string =>
  `| ${attack.kind} | ${attack.what} | ${tally.tries} | ${tally.wrong.length} |`;

/** The table for a terminal. */
export function textTable(rows: readonly TableRow[]): string {
  const width = Math.max(...rows.map(({ attack }) => attack.kind.length));
  return rows
    .map(
      ({ attack, tally }) =>
        `${attack.kind.padEnd(width)}  ${String(tally.tries).padStart(5)} tries  ${String(tally.wrong.length).padStart(4)} wrong`,
    )
    .join('\n');
}

/** The document with the rows in its table; rows of kinds that were not run this time stay, in the order of `kinds`. */
export function withRows(document: string, rows: readonly TableRow[], kinds: readonly string[]): string {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error(`the document has no "${BEGIN}" … "${END}"`);
  const lines = new Map<string, string>();
  for (const old of document.slice(from, to).split('\n')) {
    const [, kind] = /^\| ([^|]+?) \|/.exec(old) ?? [];
    if (kind !== undefined && kinds.includes(kind)) lines.set(kind, old);
  }
  for (const row of rows) lines.set(row.attack.kind, line(row));
  const body = kinds.flatMap((kind) => lines.get(kind) ?? []);
  return `${document.slice(0, from)}${[BEGIN, '', ...HEAD, ...body, '', ''].join('\n')}${document.slice(to)}`;
}

export function writeTable(path: string, rows: readonly TableRow[], kinds: readonly string[]): void {
  writeFileSync(path, withRows(readFileSync(path, 'utf8'), rows, kinds));
}
