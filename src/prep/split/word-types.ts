// Columns of few words become enumerations before the log is sorted: a code of one or two bytes is carried instead of a text.
import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';

/** Distinct values up to which a column is worth a type of its own. */
const MOST_WORDS = 10_000;

/**
 * Makes an ENUM type for every VARCHAR column of `loaded` among `names` that holds few distinct words; returns the types' names,
 * quoted, by column. Values compare, join and cast like the texts, but ORDER BY follows the codes: cast to VARCHAR first.
 */
export async function wordTypes(
  database: Database,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const described = await database.rows('DESCRIBE loaded');
  const texts = described.flatMap(({ column_name: name, column_type: type }) =>
    type === 'VARCHAR' && names.includes(String(name)) ? [String(name)] : [],
  );
  if (texts.length === 0) return new Map();
  const counted = texts.map((name, index) => `approx_count_distinct(${ident(name)}) AS n${index}`);
  const counts = await database.numbers(`SELECT ${counted.join(', ')} FROM loaded WHERE fault = 0`);
  const types = new Map<string, string>();
  for (const [index, name] of texts.entries()) {
    const n = counts[`n${index}`] ?? 0;
    if (n === 0 || n > MOST_WORDS) continue;
    const type = ident(`words_${name}`);
    const column = ident(name);
    await database.run(
      `CREATE TYPE ${type} AS ENUM (SELECT ${column} FROM loaded WHERE fault = 0 AND ${column} IS NOT NULL GROUP BY ${column} ORDER BY ${column})`,
    );
    types.set(name, type);
  }
  return types;
}
