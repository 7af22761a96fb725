// Rungs of a sweep: how many epochs its trials are trained, and how many of them go on (successive halving: Jamieson and Talwalkar 2016).
import type { SweepConfig } from '../../config/sweep-section.js';

/**
 * Epochs of each rung. Without halving there is one, of all epochs. A trial that goes on is trained anew with more epochs, not
 * continued: schedules of the rate reach over all of a training, and what is kept is then a training like any other.
 */
export function rungEpochs(
  epochs: number,
  { method, eta, firstEpochs }: Pick<SweepConfig, 'method' | 'eta' | 'firstEpochs'>,
): readonly number[] {
  if (method !== 'halving') return [epochs];
  const rungs: number[] = [];
  for (let now = firstEpochs; now < epochs; now *= eta) rungs.push(now);
  return [...rungs, epochs];
}

/** How many of a rung's trials go on: one of `eta`, at least one. */
export function survivors(trials: number, eta: number): number {
  return Math.max(1, Math.floor(trials / eta));
}

/** The best first; those without a score last; equal ones in the order of their numbers. */
export function ranked<T extends { readonly trial: number; readonly score: number | null }>(
  trials: readonly T[],
): readonly T[] {
  const worth = ({ score }: T): number => score ?? Number.NEGATIVE_INFINITY;
  return [...trials].sort((a, b) => (worth(a) === worth(b) ? a.trial - b.trial : worth(b) - worth(a)));
}
