// Every column that a descriptor speaks of, looked for in every file before anything is read: all that lack are told at once.
import type { Database } from '../../database/database.js';
import { UserError, UserErrors } from '../../errors.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';
import { columnNames, requireColumns } from '../sources/column-names.js';
import type { ListedFiles } from '../sources/find-sources.js';
import type { SourceFile } from '../sources/source-file.js';
import { planEvents } from './event-plan.js';
import { planTable } from './load-tables.js';

/** Throws `UserErrors` with one error a file that lacks columns, or cannot be read at all. */
export async function requireAllColumns(
  database: Database,
  descriptor: ResolvedDescriptor,
  files: ListedFiles,
): Promise<void> {
  const errors: UserError[] = [];
  const look = async (file: SourceFile, used: readonly string[]): Promise<void> => {
    try {
      requireColumns(file, await columnNames(database, file, used), used);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      errors.push(error);
    }
  };
  for (const file of files.events) await look(file, planEvents(descriptor, file.split).used);
  for (const [name, listed] of Object.entries(files.tables)) {
    const { used } = planTable(descriptor, name);
    for (const file of listed) await look(file, used);
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new UserErrors(errors);
}
