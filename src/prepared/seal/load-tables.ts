// Entities, items and vocabularies of an unsealed folder: numbered from 1 without gaps, in any order, in any number of files.
import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import type { UserError } from '../../errors.js';
import type { Progress } from '../../progress.js';
import { rawWords, SPLITS } from '../format.js';
import { type FeatureSpec, hasVocabulary } from '../manifest.js';
import { notZero } from '../verify/check-tables.js';
import { featureRules, invalid, type RowRule } from '../verify/row-rules.js';
import { integer, integers, number, text, texts, type WantedColumn } from './column-casts.js';
import { findParts, type Part } from './find-parts.js';
import { FILE, loadedFaults, loadParts, ROW } from './load-parts.js';

/** Version of the format that is written: numbers are raw in it. */
const VERSION = 2;

interface LoadedNumbers {
  /** Rows without the unknown. */
  readonly count: number;
  readonly faults: readonly UserError[];
}

/** A feature's columns in a table of entities or items. */
const sideColumns = (spec: FeatureSpec): readonly WantedColumn[] => {
  if (!hasVocabulary(spec)) return [number(spec.name)];
  const raw = rawWords(spec.name);
  return spec.kind === 'multi'
    ? [integers(spec.name), texts(raw, 'NULL')]
    : [integer(spec.name, '0'), text(raw, 'NULL')];
};

/** A feature's column among the events. */
export const eventColumn = (spec: FeatureSpec): WantedColumn =>
  hasVocabulary(spec)
    ? spec.kind === 'multi'
      ? integers(spec.name)
      : integer(spec.name, '0')
    : number(spec.name);

/** Loads a side's table as `entities` or `items`. */
export function loadSide(
  database: Database,
  folder: string,
  side: 'entity' | 'item',
  features: readonly FeatureSpec[],
  progress: Progress,
): Promise<LoadedNumbers> {
  const name = side === 'entity' ? 'entities' : 'items';
  const unknown = features.map((spec) => `OR coalesce(${notZero(spec, VERSION)}, false)`).join(' ');
  return loadNumbered(
    database,
    { folder, name, table: name },
    features.flatMap(sideColumns),
    [
      ...featureRules(features, VERSION),
      {
        broken: `"index" = 0 AND (false ${unknown})`,
        what: 'is the unknown, whose features are 0, the empty list or missing',
      },
    ],
    progress,
  );
}

/** Scratch table of a feature's words. */
export const wordsTable = (feature: string): string => `words_${feature}`;

/** Loads the words of a feature. */
export async function loadVocabulary(
  database: Database,
  folder: string,
  spec: FeatureSpec,
  progress: Progress,
): Promise<LoadedNumbers> {
  const place = { folder, name: `vocabularies/${spec.name}`, table: wordsTable(spec.name) };
  const loaded = await loadNumbered(database, place, [], [], progress);
  const stated = 'size' in spec ? spec.size : 0;
  if (loaded.faults.length > 0 || stated === 0 || stated === loaded.count + 1) return loaded;
  return {
    ...loaded,
    faults: [
      invalid(
        `${folder}/${place.name}`,
        `It holds ${loaded.count} words, and the unknown; "size" of "${spec.name}" says ${stated}.`,
      ),
    ],
  };
}

async function loadNumbered(
  database: Database,
  { folder, name, table }: { readonly folder: string; readonly name: string; readonly table: string },
  more: readonly WantedColumn[],
  rules: readonly RowRule[],
  progress: Progress,
): Promise<LoadedNumbers> {
  const parts: readonly Part[] = await findParts(folder, name);
  const columns = [integer('index'), text('value'), ...more];
  const faults = await loadParts(
    database,
    table,
    parts,
    {
      columns: () => columns,
      full: ['index'],
      rules: [
        { broken: '"index" < 0', what: 'has an index below 0' },
        { broken: `"index" = 0 AND value <> ''`, what: "is the unknown, whose value is ''" },
        { broken: `"index" > 0 AND coalesce(value, '') = ''`, what: 'has no "value"' },
        ...rules,
      ],
      // Counted anew from the events.
      unwanted: SPLITS,
    },
    progress,
  );
  if (faults.length > 0) return { count: 0, faults };
  const { n = 0 } = await database.numbers(
    `SELECT count(DISTINCT "index") FILTER ("index" > 0) AS n FROM ${ident(table)}`,
  );
  const across = await loadedFaults(
    database,
    parts.map(({ path }) => path),
    `(SELECT ${FILE}, ${ROW}, "index", row_number() OVER (PARTITION BY "index" ORDER BY ${FILE}, ${ROW}) AS nth,
        row_number() OVER (PARTITION BY coalesce(value, '') ORDER BY ${FILE}, ${ROW}) AS nth_value FROM ${ident(table)})`,
    [
      { broken: 'nth > 1', what: 'has an index that another row has' },
      { broken: 'nth_value > 1 AND nth = 1', what: 'has a value that another row has' },
      {
        broken: `"index" > ${n}`,
        what: `has an index beyond ${n}, of which there are so many: they are numbered from 1 without gaps`,
      },
    ],
  );
  return { count: n, faults: across };
}
