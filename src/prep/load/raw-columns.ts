// The raw columns that a plan asks for, and the values that it needs more than once, each under an alias.
import { quoted, textList, trimmed } from '../../database/sql.js';
import type { LoadPlan } from './plan.js';

export interface RawColumns {
  readonly used: readonly string[];
  /** The text as it stands in the file. */
  raw(column: string): string;
  /** The trimmed text; NULL where it means "no value". */
  text(column: string, missing: readonly string[]): string;
  /** A finite DOUBLE of a column, or NULL; `present` is not NULL where the file holds something. */
  number(column: string, missing: readonly string[]): { readonly value: string; readonly present: string };
  /** A finite DOUBLE of a text expression, or NULL. */
  numberOf(text: string): string;
  /** Any other expression that is used more than once. */
  named(sql: string): string;
  /** What the plan must carry so that the aliases mean something. */
  plan(): Pick<LoadPlan, 'used' | 'stages' | 'typed'>;
}

/** The trimmed text, or NULL where it is one of the texts that mean "no value". */
export function present(raw: string, missing: readonly string[]): string {
  const bare = trimmed(raw);
  const texts = [...new Set(missing)];
  if (texts.length === 0) return bare;
  if (texts.length === 1) return `nullif(${bare}, ${quoted(texts[0]!)})`;
  return `CASE WHEN (${bare}) IN ${textList(texts)} THEN NULL ELSE ${bare} END`;
}

/** Starts an empty collection. */
export function rawColumns(): RawColumns {
  const used: string[] = [];
  const asText = new Set<string>();
  const texts = new Map<string, string>();
  const casts = new Map<string, string>();
  const others = new Map<string, string>();
  const alias = (values: Map<string, string>, letter: string, sql: string): string => {
    const known = values.get(sql) ?? `${letter}${values.size}`;
    values.set(sql, known);
    return known;
  };
  const place = (column: string): string => {
    if (!used.includes(column)) used.push(column);
    return `u${used.indexOf(column)}`;
  };
  const numberOf = (text: string): string => alias(casts, 'd', text).replace('d', 'n');
  const raw = (column: string): string => {
    asText.add(column);
    return place(column);
  };
  return {
    used,
    raw,
    text: (column, missing) => alias(texts, 't', present(raw(column), missing)),
    number: (column, missing) => {
      // Only the empty text is "no value" to a reader of numbers.
      if (missing.some((text) => text !== '')) asText.add(column);
      const text = present(place(column), missing);
      const held = alias(texts, 't', text);
      return { value: numberOf(held), present: held };
    },
    numberOf,
    named: (sql) => alias(others, 'v', sql),
    plan: () => ({
      used,
      stages: [
        swapped(texts),
        Object.fromEntries([...casts].map(([text, name]) => [name, `TRY_CAST(${text} AS DOUBLE)`])),
        Object.fromEntries(
          [...casts.values()].map((name) => [
            name.replace('d', 'n'),
            `CASE WHEN isfinite(${name}) THEN ${name} END`,
          ]),
        ),
        swapped(others),
      ],
      typed: used.filter((column) => !asText.has(column)),
    }),
  };
}

const swapped = (values: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries([...values].map(([sql, name]) => [name, sql]));

/** The relation with the plan's stages added as columns. With `asNumbers` the typed columns already are DOUBLE. */
export function staged(relation: string, plan: LoadPlan, asNumbers: boolean): string {
  let result = relation;
  const numbers = new Set(
    asNumbers ? (plan.typed ?? []).map((column) => `u${plan.used.indexOf(column)}`) : [],
  );
  for (const stage of plan.stages ?? []) {
    const values = Object.entries(stage).map(([name, sql]) => {
      const raw = /\bu\d+\b/.exec(sql)?.[0];
      return `${raw !== undefined && numbers.has(raw) ? raw : sql} AS ${name}`;
    });
    if (values.length > 0) result = `(SELECT *, ${values.join(', ')} FROM ${result})`;
  }
  return result;
}
