// What `limaml prep --dry-run` finds out about a raw log: plain values, as `--json` prints them.
import type { ColumnStats } from './column-stats.js';

/** What the descriptor makes of a raw column. */
export type ColumnRole =
  | 'entity'
  | 'item'
  | 'timestamp'
  | 'label'
  | 'truth'
  | 'split'
  | 'key'
  | 'feature'
  | 'unused';

export interface ColumnProfile extends ColumnStats {
  /** `events`, or the name of a side table. */
  readonly source: string;
  readonly name: string;
  readonly roles: readonly ColumnRole[];
  /** Features read from it, by name. */
  readonly features: readonly string[];
  /**
   * AUC of the label by this column alone, at least 0.5: by order for numbers, in the better direction, and for categories and
   * numbers of few values by the click rate of each value among the other half of the rows. null where it cannot be told.
   */
  readonly auc: number | null;
}

export interface TableProfile {
  readonly name: string;
  readonly on: string;
  readonly rows: number;
  /** Keys that occur more than once. */
  readonly repeatedKeys: number;
  /** Events that find no row here. */
  readonly unmatchedEvents: number;
}

/** Entities with `from` to `to` events, and how many events those are. */
export interface HistoryBar {
  readonly from: number;
  /** null: no upper end. */
  readonly to: number | null;
  readonly entities: number;
  readonly events: number;
}

export interface TimeProfile {
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  readonly days: number;
  /** Different times in the log. */
  readonly distinct: number;
  /** Events that share their instant with another event of the same entity. */
  readonly tied: number;
}

export interface Suggestion {
  readonly level: 'warning' | 'hint';
  /** Stable, upper case. */
  readonly code: string;
  /** Dotted place: `events.play_time_ms`, `label`, `tables.movies`. */
  readonly where: string;
  readonly text: string;
}

export interface DatasetProfile {
  readonly dataset: string;
  readonly layout: string | null;
  /** Files read, relative to the data directory. */
  readonly files: readonly string[];
  /** Events read; a row of several exposures counts as one here. */
  readonly rows: number;
  /** Rows left out by reason: filters and bad rows. */
  readonly dropped: Readonly<Record<string, number>>;
  /** The first bad rows in words. */
  readonly rejects: readonly string[];
  readonly entities: number;
  readonly items: number;
  /** null for a log without a clock. */
  readonly time: TimeProfile | null;
  /** Clicks among all exposures; null where every row is a positive. */
  readonly labelRate: number | null;
  /** Copies of events with equal entity, item, time and label. */
  readonly duplicates: number;
  readonly historyLengths: {
    readonly median: number;
    readonly mean: number;
    readonly max: number;
    readonly bars: readonly HistoryBar[];
  };
  readonly columns: readonly ColumnProfile[];
  readonly tables: readonly TableProfile[];
  readonly suggestions: readonly Suggestion[];
}

/** A profile before anything is said about it. */
export type Measured = Omit<DatasetProfile, 'suggestions'>;
