// Regular expressions of features, tried before anything is read: a wrong one is the descriptor's fault, not the file's.
import type { Database } from '../../database/database.js';
import { quoted } from '../../database/sql.js';
import { UserError } from '../../errors.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';
import { firstLine } from '../sources/column-names.js';

/** Throws `UserError` DATASET_BAD_PATTERN for the first that the database does not take. */
export async function requirePatterns(
  database: Database,
  { name, features }: ResolvedDescriptor,
): Promise<void> {
  for (const feature of features) {
    if (!('pattern' in feature) || feature.pattern === undefined) continue;
    try {
      await database.rows(`SELECT regexp_extract('', ${quoted(feature.pattern)}, 1)`);
    } catch (error) {
      throw new UserError({
        code: 'DATASET_BAD_PATTERN',
        where: `data set ${name} › features.${feature.name}.pattern`,
        what: `This is no regular expression of RE2: ${firstLine(error)}`,
        next: 'RE2 has no look-around and no back references, so that no pattern takes long.',
      });
    }
  }
}
