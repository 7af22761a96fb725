// Rows of a relation, as planned, into a table.

import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import { faultCode, type LoadPlan } from './plan.js';
import type { Rejects } from './rejects.js';

export interface LoadContext {
  readonly database: Database;
  /** Folder for intermediate files. */
  readonly workDirectory: string;
  readonly rejects: Rejects;
}

/** Appends the rows of a staged relation; returns what the database refused it for. */
export async function insertRows(
  database: Database,
  target: string,
  plan: LoadPlan,
  relation: string,
): Promise<unknown> {
  const columns = plan.columns.map(({ sql }) => sql);
  try {
    await database.run(
      `INSERT INTO ${ident(target)} SELECT ${[...columns, faultCode(plan)].join(', ')} FROM ${relation}`,
    );
    return undefined;
  } catch (error) {
    if (/no space left|out of memory|failed to allocate/i.test(String(error))) throw error;
    return error;
  }
}
