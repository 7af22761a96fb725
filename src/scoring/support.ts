// Which rows are an entity's support at an instant: one answer, put together from small parts, for training, validation,
// evaluation, curves and export. Nothing of an instant or later ever gets through.
import { CheckFailed } from '../errors.js';
import type { EventShard } from '../prepared/dataset.js';
import { randomStream } from '../random.js';

/** What there is to choose from: rows of one entity, in time order. */
export interface History {
  readonly entity: number;
  readonly shard: Pick<EventShard, 'timestampMs' | 'label' | 'split'>;
  readonly rows: Int32Array;
}

/** Milliseconds since 1970 at which an entity is scored; Infinity: after all there is. */
export type Instant = number;

export interface Support {
  /** Rows that are known at the instant, in time order, before any cap. */
  readonly known: Int32Array;
  /** Those of them that are adapted on, in time order. */
  readonly rows: Int32Array;
  /** [rows] labels in place of the rows' own; absent where those hold. */
  readonly labels?: Float32Array;
}

export type SupportPolicy = (history: History, at: Instant) => Support;

/** Where a policy starts: the known rows. */
export type SupportSource = (history: History, at: Instant) => Int32Array;

/** Narrows a support, or changes its labels; it never adds a row. */
export type SupportStep = (support: Support, history: History, at: Instant) => Support;

/**
 * A policy from its parts. It throws CheckFailed LEAK_SUPPORT_NOT_BEFORE_QUERY where the source gives a row that is not
 * strictly earlier than the instant.
 */
export function supportPolicy(source: SupportSource, ...steps: readonly SupportStep[]): SupportPolicy {
  return (history, at) => {
    const known = source(history, at);
    const last = lastTime(known, history);
    if (last >= at) throw supportLeak(history.entity, last, at);
    return steps.reduce((support, step) => step(support, history, at), { known, rows: known } as Support);
  };
}

/** Time of the last of some rows; NaN without any. */
export function lastTime(rows: Int32Array, { shard }: Pick<History, 'shard'>): number {
  return rows.length === 0 ? Number.NaN : shard.timestampMs[rows[rows.length - 1]!]!;
}

/** The rows whose split code is one of these. */
export function ofSplits(codes: readonly number[]): SupportSource {
  return ({ rows, shard }) => rows.filter((row) => codes.includes(shard.split[row]!));
}

/** Whatever had happened before the instant, or `delayMs` before it. */
export function before(delayMs = 0): SupportSource {
  return ({ rows, shard }, at) => rows.subarray(0, countBefore(rows, shard, at - delayMs));
}

/** The same of the rows whose split code is one of these. */
export function beforeOfSplits(codes: readonly number[], delayMs = 0): SupportSource {
  const source = before(delayMs);
  return (history, at) => source(history, at).filter((row) => codes.includes(history.shard.split[row]!));
}

/** Of a source the rows before the instant alone, where what is known is only counted and a split at random may be. */
export function onlyBefore(source: SupportSource): SupportSource {
  return (history, at) => {
    const rows = source(history, at);
    return rows.subarray(0, countBefore(rows, history.shard, at));
  };
}

/** How many of some rows, in time order, are strictly before an instant. */
function countBefore(rows: Int32Array, { timestampMs }: History['shard'], at: Instant): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timestampMs[rows[middle]!]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows that had happened `delayMs` before the instant: the later ones have not reached us. */
export function arrived(delayMs: number): SupportStep {
  return ({ known, rows }, { shard }, at) => {
    const until = (of: Int32Array): Int32Array => of.subarray(0, countBefore(of, shard, at - delayMs));
    return { known: until(known), rows: until(rows) };
  };
}

/** Rows at least so much older than the instant, as if nothing later had reached us. */
export function staleBy(ms: number): SupportStep {
  return (support, { shard }, at) => {
    const old = (row: number): boolean => shard.timestampMs[row]! <= at - ms;
    return { known: support.known.filter(old), rows: support.rows.filter(old) };
  };
}

/** The latest n rows. */
export function lastN(n: number): SupportStep {
  return ({ known, rows }) => ({ known, rows: rows.slice(Math.max(0, rows.length - n)) });
}

/** The placebo: the labels of the rows in an order fixed by the seed and the entity. Comes last. */
export function shuffled(seed: number): SupportStep {
  return ({ known, rows }, { entity, shard }) => {
    const labels = Float32Array.from(rows, (row) => shard.label[row]!);
    return { known, rows, labels: randomStream(seed, 'placebo', entity).shuffle(labels) };
  };
}

/**
 * The placebo that keeps nothing of the entity, not even how often it clicks: every label is that of an event drawn from the
 * whole shard, of any entity, from before the instant. Where a model learns there is no instant, and labels of any split are drawn: of
 * later rows it can learn the rate of all entities, nothing else. Fixed by the seed and the entity; comes last.
 */
export function labelsOfAnyone(seed: number): SupportStep {
  return ({ known, rows }, { entity, shard }, at) => {
    const stream = randomStream(seed, 'placebo of anyone', entity);
    // The support's own rows are from before the instant, so a draw succeeds.
    const draw = (): number => {
      for (;;) {
        const row = stream.integer(shard.label.length);
        if (shard.timestampMs[row]! < at) return shard.label[row]!;
      }
    };
    return { known, rows, labels: Float32Array.from(rows, draw) };
  };
}

function supportLeak(entity: number, last: number, first: number): CheckFailed {
  return new CheckFailed({
    code: 'LEAK_SUPPORT_NOT_BEFORE_QUERY',
    where: `entity index ${entity}`,
    what: `Its support reaches ${new Date(last).toISOString()}, which is not before its first scored row at ${new Date(first).toISOString()}.`,
    next: 'Prepare the data anew with a split by time.',
  });
}
