// Those who take an outer step together, each a share of it: all threads of a runner, or one alone.
import { ALL_ROWS, type RowShare } from './touched-rows.js';

/** What one of them has of the others. */
export interface StepParty {
  /** Which of how many it is, and so which table rows are its own. */
  readonly share: RowShare;
  /** Returns when all have called it. Throws where one of them never will. */
  meet(): void;
  /** Of each of them the sum of squares of its dense gradients. */
  readonly squares: Float64Array;
  /** The sums of all dense gradients by parameter, in the model's order, where the clipping needs them together. */
  readonly sums: ReadonlyMap<string, Float32Array>;
}

/** One alone. */
export const alone = (lengths: ReadonlyMap<string, number>): StepParty => ({
  share: ALL_ROWS,
  meet: () => undefined,
  squares: new Float64Array(1),
  sums: new Map([...lengths].map(([name, length]) => [name, new Float32Array(length)])),
});
