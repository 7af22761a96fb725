// NUL characters: one ends texts in places, and is part of no value that means something.
import type { Fault } from './plan.js';

export const NUL_REASON = 'a text with a NUL';

/** What makes a text of a column wrong when it holds one. */
export const nulFault = (column: string, text: string): Fault => ({
  column,
  when: `contains(${text}, chr(0))`,
  reason: NUL_REASON,
});
