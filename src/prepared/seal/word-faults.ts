// Whether the words of entities and items, where they are given, are those that their indexes stand for.
import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import type { UserError } from '../../errors.js';
import { rawWords } from '../format.js';
import { type FeatureSpec, hasVocabulary } from '../manifest.js';
import { FILE, loadedFaults, ROW } from './load-parts.js';
import { wordsTable } from './load-tables.js';

/** Faults between words and their indexes in tables of entities and items. */
export async function wordFaults(
  database: Database,
  table: string,
  files: readonly string[],
  features: readonly FeatureSpec[],
): Promise<readonly UserError[]> {
  const faults: UserError[] = [];
  for (const spec of features) {
    if (!hasVocabulary(spec)) continue;
    const [index, raw, words] = [ident(spec.name), ident(rawWords(spec.name)), ident(wordsTable(spec.name))];
    const known = `(SELECT "index", value FROM ${words} WHERE "index" > 0)`;
    const relation =
      spec.kind === 'multi'
        ? `(SELECT t.${FILE}, t.${ROW}, t.${index} AS found, coalesce(r.codes, CAST([] AS INTEGER[])) AS wanted FROM ${ident(table)} t LEFT JOIN
            (SELECT u."index", list(w."index" ORDER BY place) AS codes FROM (SELECT "index", unnest(${raw}) AS word,
              generate_subscripts(${raw}, 1) AS place FROM ${ident(table)}) u JOIN ${known} w ON u.word = w.value GROUP BY u."index") r
            ON r."index" = t."index" WHERE t.${raw} IS NOT NULL)`
        : `(SELECT t.${FILE}, t.${ROW}, t.${index} AS found, coalesce(w."index", 0) AS wanted FROM ${ident(table)} t
            LEFT JOIN ${known} w ON t.${raw} = w.value WHERE t.${raw} IS NOT NULL)`;
    faults.push(
      ...(await loadedFaults(database, files, relation, [
        {
          broken: 'found <> wanted',
          what: `has a "${spec.name}" that is not the index of its "${rawWords(spec.name)}" in vocabularies/${spec.name}`,
        },
      ])),
    );
  }
  return faults;
}
