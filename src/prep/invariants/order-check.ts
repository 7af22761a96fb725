// Support must lie before query: for every entity the rows of a later split come strictly after those of an earlier one.

import type { Database } from '../../database/database.js';
import { CheckFailed } from '../../errors.js';
import type { Progress } from '../../progress.js';
import { type SplitDescriptor, splitKind, statedSplit } from '../descriptor/split.js';

/** Checks `entity_rows`. Throws `CheckFailed` LEAK_ORDER, or warns where a split is declared to overlap. */
export async function checkOrder(
  database: Database,
  split: SplitDescriptor,
  progress: Progress,
): Promise<number> {
  const before = [
    ['train_last', 'valid_first'],
    ['train_last', 'test_first'],
    ['valid_last', 'test_first'],
    ['support_last', 'valid_first'],
    ['support_last', 'test_first'],
  ] as const;
  const violated = before.map(([earlier, later]) => `coalesce(${earlier} >= ${later}, false)`).join(' OR ');
  const { n = 0 } = await database.numbers(`SELECT count(*) AS n FROM entity_rows WHERE ${violated}`);
  const heldOut = splitKind(split).holdsOut ? 'train > 0 AND valid + test + support > 0' : 'false';
  const { mixed = 0 } = await database.numbers(`SELECT count(*) AS mixed FROM entity_rows WHERE ${heldOut}`);
  if (n === 0 && mixed === 0) return 0;
  const [example] = await database.rows(
    `SELECT value FROM entity_rows WHERE ${violated} OR ${heldOut} ORDER BY idx LIMIT 1`,
  );
  const what = `${n + mixed} entities have training or support rows at or after rows they are judged by, for example "${example?.['value']}".`;
  if (splitKind(split).overlaps === true || statedSplit(split)?.overlap === 'warn') {
    progress({ kind: 'warning', code: 'LEAK_ORDER', text: what });
    return n;
  }
  throw new CheckFailed({
    code: 'LEAK_ORDER',
    where: `split.kind: ${split.kind}`,
    what,
    next: 'Correct the given split, or set "overlap: warn" to measure with the leak in it.',
  });
}
