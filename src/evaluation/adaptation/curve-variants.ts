// Which ways of adapting the curves need, each scored once however many curves it is a point of.
import type { MetaPart } from '../../models/definition.js';
import type { AdaptationConfig } from '../config/evaluation-config.js';
import type { Variant } from './score-variants.js';

const DAY_MS = 86_400_000;

/** A point of a curve, and the variant that scores it. */
export interface CurvePoint {
  readonly at: number;
  readonly key: string;
}

export interface CurvePlan {
  readonly variants: readonly Variant[];
  readonly innerSteps: readonly CurvePoint[];
  readonly supportSize: readonly CurvePoint[];
  readonly staleness: readonly CurvePoint[];
  readonly placebo: string | undefined;
  /** Inner steps other than those it is served with: each is a program of its own. */
  readonly adaptSteps: readonly number[];
}

export const SERVED = 'as served';
export const PRIOR = 'no support';
const PLACEBO = 'placebo';

/** @param placebo seed of the shuffled labels; none where the model was trained on shuffled labels itself */
export function planCurves(meta: MetaPart, config: AdaptationConfig, placebo: number | undefined): CurvePlan {
  const { adaptSteps, maxSupport } = meta;
  const steps = stepsShown(adaptSteps).map((at) => ({
    at,
    key: at === adaptSteps ? SERVED : `${at} inner steps`,
  }));
  const sizes = [...config.supportSizes.filter((size) => size < maxSupport), maxSupport].map((at) => ({
    at,
    key: at === maxSupport ? SERVED : at === 0 ? PRIOR : `${at} support rows`,
  }));
  const stale = [0, ...config.staleDays].map((at) => ({ at, key: at === 0 ? SERVED : `${at} days old` }));
  const variants: Variant[] = [
    { key: SERVED, options: {} },
    { key: PRIOR, options: { maxSupport: 0 } },
    ...steps.map(({ at, key }) => ({ key, options: { adaptSteps: at } })),
    ...sizes.map(({ at, key }) => ({ key, options: { maxSupport: at } })),
    ...stale.map(({ at, key }) => ({ key, options: { staleMs: at * DAY_MS } })),
    ...(placebo === undefined ? [] : [{ key: PLACEBO, options: { shuffleSupportSeed: placebo } }]),
  ];
  return {
    variants: variants.filter(({ key }, i) => variants.findIndex((other) => other.key === key) === i),
    innerSteps: steps,
    supportSize: sizes,
    staleness: stale,
    placebo: placebo === undefined ? undefined : PLACEBO,
    adaptSteps: steps.map(({ at }) => at).filter((at) => at !== adaptSteps),
  };
}

/** All steps up to 8; beyond, powers of two, because each is a graph and a scoring of its own. */
export function stepsShown(steps: number): readonly number[] {
  if (steps <= 8) return Array.from({ length: steps + 1 }, (_, k) => k);
  return [0, 1, 2, 4, 8, 16, 32].filter((k) => k < steps).concat(steps);
}
