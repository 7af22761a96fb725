// What is taken from a raw source: columns with their SQL, faults that make a row bad, and reasons to leave one out.

export interface PlannedColumn {
  readonly name: string;
  readonly type: 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'UTINYINT' | 'UINTEGER';
  /** Over the raw text columns u0, u1, … */
  readonly sql: string;
}

/** A bad row: exit with its place, or reject it. */
export interface Fault {
  /** Raw column to blame. */
  readonly column: string;
  /** SQL condition; NULL counts as false. */
  readonly when: string;
  /** Completes `"value" is …`, e.g. `not a number`. */
  readonly reason: string;
}

/** A good row that is not wanted; counted under `reason`. */
export interface Drop {
  readonly reason: string;
  readonly when: string;
}

export interface LoadPlan {
  /** Raw columns in the order of u0, u1, … */
  readonly used: readonly string[];
  /** Values computed once for the expressions below, level by level; each level may use the ones before. */
  readonly stages?: readonly Readonly<Record<string, string>>[];
  /** Raw columns of which only the number is wanted: a reader may hand them over as DOUBLE. */
  readonly typed?: readonly string[];
  readonly columns: readonly PlannedColumn[];
  readonly faults: readonly Fault[];
  readonly drops: readonly Drop[];
}

/** Codes in the `fault` column: 0 is a good row, then the faults in order, then the drops. */
export const FIRST_DROP = 60000;

/** The `fault` code of a row. A fault outranks a drop unless the row is filtered out anyway, so drops come first. */
export function faultCode(plan: Pick<LoadPlan, 'faults' | 'drops'>): string {
  const drops = plan.drops.map((drop, index) => `WHEN ${drop.when} THEN ${FIRST_DROP + index}`);
  const faults = plan.faults.map((fault, index) => `WHEN ${fault.when} THEN ${index + 1}`);
  const cases = [...drops, ...faults];
  return cases.length === 0
    ? 'CAST(0 AS USMALLINT)'
    : `CAST(CASE ${cases.join(' ')} ELSE 0 END AS USMALLINT)`;
}
