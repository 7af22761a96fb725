// Which ways of adapting the curves need, each scored once however many curves it is a point of.
import { adaptAfter } from '../../engine/programs/program-key.js';
import type { MetaPart } from '../../models/contract/definition.js';
import { SPLIT } from '../../prepared/format.js';
import type { RowRoles } from '../../scoring/learning-rows.js';
import { knownUnder, replayWindows } from '../../scoring/replay.js';
import { type PlaceboOption, placebo } from '../../scoring/served-support.js';
import { lastN, ofSplits, shuffled, staleBy, supportPolicy } from '../../scoring/support.js';
import type { AdaptationConfig } from '../config/evaluation-config.js';
import { replayConfig, replayTimes } from '../config/replay-config.js';
import type { Variant } from './score-variants.js';

const DAY_MS = 86_400_000;

/** A point of a curve, and the variant that scores it. */
export interface CurvePoint {
  readonly at: number;
  readonly key: string;
}

interface CurvePlan {
  readonly variants: readonly Variant[];
  readonly innerSteps: readonly CurvePoint[];
  readonly supportSize: readonly CurvePoint[];
  readonly staleness: readonly CurvePoint[];
  readonly refreshes: readonly (CurvePoint & { readonly refresh: string })[];
  readonly placebo: string | undefined;
  /** Inner steps other than those it is served with: each is a program of its own. */
  readonly adaptSteps: readonly number[];
}

export const SERVED = 'as served';
export const PRIOR = 'no support';
const PLACEBO = 'placebo';

/** How the run is served, from which every variant differs in one thing. */
interface ServedWith {
  readonly roles: RowRoles;
  readonly training: PlaceboOption;
  readonly seed: number;
}

/** A model that was trained on shuffled labels has no placebo beside it. */
export function planCurves(
  meta: MetaPart,
  config: AdaptationConfig,
  { roles, training, seed }: ServedWith,
): CurvePlan {
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
  const refreshes = ['none', ...config.refreshes].map((refresh, at) => ({
    at,
    refresh,
    key: refresh === 'none' ? SERVED : `refreshed, ${refresh}`,
  }));
  const known = ofSplits(roles.support);
  const labels = placebo(training, seed);
  const served = supportPolicy(known, lastN(maxSupport), ...labels);
  const withPlacebo = labels.length === 0;
  const variants: Variant[] = [
    { key: SERVED, support: served },
    { key: PRIOR, support: supportPolicy(known, lastN(0)) },
    ...steps.map(({ at, key }) => ({ key, support: served, program: adaptAfter(at) })),
    ...sizes.map(({ at, key }) => ({ key, support: supportPolicy(known, lastN(at), ...labels) })),
    ...stale.map(({ at, key }) => ({
      key,
      support: supportPolicy(known, staleBy(at * DAY_MS), lastN(maxSupport), ...labels),
    })),
    ...refreshes.map(({ refresh, key }) => {
      const replay = replayTimes(replayConfig.parse({ refresh }));
      const renewed = knownUnder(roles, SPLIT.test, replay);
      return {
        key,
        support: supportPolicy(...renewed, lastN(maxSupport), ...labels),
        windows: replayWindows(replay),
      };
    }),
    ...(withPlacebo
      ? [{ key: PLACEBO, support: supportPolicy(known, lastN(maxSupport), shuffled(seed)) }]
      : []),
  ];
  return {
    variants: variants.filter(({ key }, i) => variants.findIndex((other) => other.key === key) === i),
    innerSteps: steps,
    supportSize: sizes,
    staleness: stale,
    refreshes,
    placebo: withPlacebo ? PLACEBO : undefined,
    adaptSteps: steps.map(({ at }) => at).filter((at) => at !== adaptSteps),
  };
}

/** All steps up to 8; beyond, powers of two, because each is a graph and a scoring of its own. */
export function stepsShown(steps: number): readonly number[] {
  if (steps <= 8) return Array.from({ length: steps + 1 }, (_, k) => k);
  return [0, 1, 2, 4, 8, 16, 32].filter((k) => k < steps).concat(steps);
}
