// What a descriptor says of a role that only a person can settle: the question, the columns that may be meant, and how to answer.
import type { ColumnFacts } from './column-facts.js';
import type { SniffedRole } from './column-words.js';

const MOST_NAMED = 6;

const QUESTIONS: Readonly<Record<SniffedRole, string>> = {
  entity: 'which column names the member whose taste is learned',
  item: 'which column names what was shown',
  timestamp: 'which column holds the time of the event, and how is it written',
  label: 'which column says whether the event was clicked, and how',
};

const ANSWERS: Readonly<Record<SniffedRole, string>> = {
  entity: 'Write its name, or [a, b] for several together.',
  item: 'Write its name, or [a, b] for several together.',
  timestamp:
    '{ column: …, unit: s | ms | us | ns | iso }, or { column: …, unit: format, format: "…" }; without a clock { sourceOrder: true }.',
  label:
    '{ kind: binary, column: … }, { kind: values, column: …, positive: […], negative: […] }; where every row is a click { kind: implicit }.',
};

/** One line of text without a line end. */
export function todoText(
  what: SniffedRole,
  candidates: readonly ColumnFacts[],
  repeated: readonly ColumnFacts[],
): string {
  const named = candidates.slice(0, MOST_NAMED).map((column) => `${column.name} (${lookOf(what, column)})`);
  const twice =
    repeated.length === 0 ? '' : ` The header names "${repeated[0]!.name}" more than once: rename one.`;
  const among = named.length === 0 ? 'no column looks like it' : named.join(', ');
  return `${QUESTIONS[what]}: ${among}?${twice} ${ANSWERS[what]}`;
}

function lookOf(what: SniffedRole, column: ColumnFacts): string {
  const { time, values, cells, distinct } = column;
  if (what === 'timestamp' && time?.unit === 'format' && time.ambiguous !== undefined)
    return `"${values[0]}" may be ${time.format} or ${time.ambiguous}`;
  if (what === 'entity' || what === 'item') return `${distinct} different values in ${cells.length} rows`;
  const shown = [...new Set(values)].slice(0, 3).map((value) => `"${value.slice(0, 30)}"`);
  const more = distinct > shown.length ? ', …' : '';
  const gaps = cells.length - values.length;
  const empty = gaps > 0 ? `, nothing in ${gaps} of ${cells.length} rows` : '';
  return `${shown.join(', ')}${more}${empty}`;
}
