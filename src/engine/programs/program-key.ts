// Which program is meant: a runner is opened with some of them, and asked to run one.
import { InternalError } from '../../errors.js';
import type { Model } from '../../models/contract/definition.js';

export type ProgramKey =
  /** One outer step without the optimiser. */
  | { readonly kind: 'train' }
  /** Logits and probabilities of rows. */
  | { readonly kind: 'score' }
  /**
   * Vectors of the adapted parts after so many inner steps; as served: each part after its own number of
   * them. With `windows` the support rows of all tasks are fed once, and which of them each task has: see window-tiles.ts.
   */
  | { readonly kind: 'adapt'; readonly steps: number | 'as served'; readonly windows?: true };

export const TRAIN: ProgramKey = { kind: 'train' };
export const SCORE: ProgramKey = { kind: 'score' };
export const ADAPT: ProgramKey = { kind: 'adapt', steps: 'as served' };
export const ADAPT_WINDOWS: ProgramKey = { kind: 'adapt', steps: 'as served', windows: true };
export const adaptAfter = (steps: number): ProgramKey => ({ kind: 'adapt', steps });

/**
 * The programs that scoring takes; a model that adapts may be asked for other numbers of inner steps besides, or for `ADAPT_WINDOWS`
 * in place of `ADAPT`.
 */
export function programsToScore(
  { adapts }: Model,
  {
    innerSteps = [],
    adapt = ADAPT,
  }: { readonly innerSteps?: readonly number[]; readonly adapt?: ProgramKey } = {},
): readonly ProgramKey[] {
  return adapts.length === 0 ? [SCORE] : [SCORE, adapt, ...innerSteps.map(adaptAfter)];
}

/** The entry of a program. Throws InternalError where the runner was opened without it. */
export function entryOf<T extends { readonly key: ProgramKey }>(entries: readonly T[], key: ProgramKey): T {
  const found = entries.find((entry) => samePrograms(entry.key, key));
  if (found === undefined)
    throw new InternalError(`no program ${JSON.stringify(key)} among ${entries.length} opened`);
  return found;
}

function samePrograms(a: ProgramKey, b: ProgramKey): boolean {
  if (a.kind !== 'adapt' || b.kind !== 'adapt') return a.kind === b.kind;
  return a.steps === b.steps && a.windows === b.windows;
}
