// The prepared format's names and numbers, once, for whoever writes or reads it; docs/prepared-format.md describes it.

/** Version of the folder layout that is written; a reader names the version it cannot read. */
export const PREPARED_FORMAT = { name: 'limaml-prepared', version: 2 } as const;
/**
 * Versions that are read. 1 holds numbers as models are given them, and of words only those that have an index; 2 holds numbers as the
 * log has them, and the words of entities and items besides their indexes.
 */
export const READ_VERSIONS = [1, PREPARED_FORMAT.version] as const;

/** Column of a side table with the words of a feature as the log has them. */
export const rawWords = (feature: string): string => `raw.${feature}`;

export const MANIFEST_FILE = 'manifest.json';
export const SIDE_FILE = { entity: 'entities.parquet', item: 'items.parquet' } as const;
export const vocabularyFile = (feature: string): string => `vocabularies/${feature}.parquet`;
/** The name of the n-th shard of events, from 0. */
export const shardFile = (index: number): string => `events/part-${String(index).padStart(5, '0')}.parquet`;

/** How our own writer compresses; readers take any Parquet. */
export const PARQUET_OPTIONS = 'FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880';

/**
 * Which part of the experiment a row belongs to, as stored in the column `split`. `support`: earlier rows of held-out entities,
 * which no model trains on but which may be adapted on.
 */
export const SPLIT = { train: 0, valid: 1, test: 2, support: 3 } as const;
export type SplitName = 'train' | 'valid' | 'test';
/** The codes' names in their order: columns of the side tables. */
export const SPLITS = Object.keys(SPLIT) as readonly (keyof typeof SPLIT)[];

export type FeatureSide = 'entity' | 'item' | 'event';

/** Columns that the prepared events have anyway, with words that would be taken for them. */
export const EVENT_COLUMNS = [
  'entity',
  'item',
  'timestamp',
  'timestamp_ms',
  'label',
  'split',
  'truth',
  'row',
];
/** Columns that the prepared tables of entities and items have anyway. */
export const SIDE_COLUMNS = ['index', 'value', 'train', 'valid', 'test', 'support'];
