// Parameters of the inner loop itself: its rates, and the shrinkage of its loss where that is learned.
import type { ParameterSpec } from '../contract/definition.js';
import type { InnerOptions } from './options.js';

type RatePart = 'weight' | 'bias' | 'vector';

export const LOG_SHRINKAGE = 'inner.logShrinkage';

/** The one rate of models that do not learn theirs. */
export const FIXED_RATE = 'inner.rate';

/** Parameter that holds the rate of a layer's part at a step. */
export function rateName(rates: InnerOptions['rates'], step: number, layer: number, part: RatePart): string {
  if (rates === 'fixed') return FIXED_RATE;
  return `inner.rate.${rates === 'step-layer' ? `${step}.` : ''}${part}${layer}`;
}

export function innerParameters(inner: InnerOptions, layers: number): ParameterSpec[] {
  return [...rateParameters(inner, layers), ...(inner.learnedShrinkage ? [shrinkageParameter(inner)] : [])];
}

/** A parameter for every rate of a block of so many layers. */
export function rateParameters(
  inner: Pick<InnerOptions, 'adapt' | 'rates' | 'rate' | 'trainSteps' | 'adaptSteps'>,
  layers: number,
): ParameterSpec[] {
  const { adapt, rates, rate, trainSteps, adaptSteps } = inner;
  const moved = adapt === 'block' ? Array.from({ length: layers }, (_, layer) => layer) : [layers - 1];
  const parts: readonly RatePart[] = adapt === 'vector' ? ['vector'] : ['weight', 'bias'];
  const steps = Array.from({ length: Math.max(trainSteps, adaptSteps) }, (_, step) => step);
  const names = steps.flatMap((step) =>
    moved.flatMap((layer) => parts.map((part) => rateName(rates, step, layer, part))),
  );
  return [...new Set(names)].map((name) => ({
    name,
    shape: [],
    init: { kind: 'constant', scale: rate },
    decay: false,
    trained: rates !== 'fixed',
  }));
}

/** Held as a logarithm, so that it stays positive. */
function shrinkageParameter({ shrinkage }: InnerOptions): ParameterSpec {
  const scale = Math.log(Math.max(shrinkage, 1e-9));
  return { name: LOG_SHRINKAGE, shape: [], init: { kind: 'constant', scale }, decay: false };
}
