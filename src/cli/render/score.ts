// What is said of scored rows beside the rows themselves.
import type { ScoredCount } from '../../serving/score-rows.js';
import { count } from '../terminal/number.js';

export function scoredNotes({ rows, priors, lookedUp, notFound, computed }: ScoredCount): readonly string[] {
  const notes = [`${count(rows)} ${rows === 1 ? 'row' : 'rows'} scored`];
  if (priors > 0) notes.push(`${count(priors)} of them with the prior: their entity has no stored embedding`);
  if (lookedUp.length > 0) notes.push(`${lookedUp.join(', ')} taken from the bundle's tables`);
  for (const { side, features, rows: without } of notFound)
    if (without > 0)
      notes.push(
        `${count(without)} of them without ${features.join(', ')}: the tables have nothing of their ${side}`,
      );
  if (computed.length > 0) notes.push(`${computed.join(', ')} computed from the bundle's history`);
  return notes;
}
