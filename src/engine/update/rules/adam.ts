// Adam (Kingma & Ba 2015). Rows of a table that a batch does not touch are left alone.
import { ADAM, type AdamKernel, type AdamStep, adamKernel, BLOCK } from '../kernels/adam-kernel.js';
import type { Moment, OptimizerSlots, UpdateRule } from '../optimizer.js';

/** From so many values on copying them to the kernel's memory and back costs less than it saves. */
const WORTH_COPYING = 256;

/** One a thread, made when first asked for. */
let made: AdamKernel | undefined;
const kernelOfThread = (): AdamKernel => {
  made ??= adamKernel();
  return made;
};

export const adam: UpdateRule = (rateOf, { scale, decay }) => {
  const { b1, b2, epsilon } = ADAM;
  // The powers of a step are the same for all its rows, of which there may be tens of thousands.
  let known: Moment | undefined;
  let rate = 0;
  let small = 0;
  return {
    slots: 2,
    update(values, at, length, gradient, from, slots, moment) {
      if (moment !== known) {
        known = moment;
        const { step } = moment;
        const root2 = Math.sqrt(1 - b2 ** step);
        rate = (rateOf(moment) * root2) / (1 - b1 ** step);
        small = epsilon * root2;
      }
      if (length >= WORTH_COPYING) {
        updateBlocks(values, at, length, gradient, from, slots, { scale, decay, rate, small });
        return;
      }
      const [first, second] = slots;
      for (let i = 0; i < length; i++) {
        const p = at + i;
        const g = scale * gradient[from + i]! + decay * values[p]!;
        const m = b1 * first![p]! + (1 - b1) * g;
        const v = b2 * second![p]! + (1 - b2) * g * g;
        first![p] = m;
        second![p] = v;
        values[p]! -= (rate * m) / (Math.sqrt(v) + small);
      }
    },
  };
};

/** The same, to the last bit, in the kernel's memory. */
function updateBlocks(
  values: Float32Array,
  at: number,
  length: number,
  gradient: Float32Array,
  from: number,
  [first, second]: OptimizerSlots,
  step: AdamStep,
): void {
  const kernel = kernelOfThread();
  const moved = [
    [values, kernel.values],
    [first!, kernel.first],
    [second!, kernel.second],
  ] as const;
  for (let start = 0; start < length; start += BLOCK) {
    const count = Math.min(BLOCK, length - start);
    for (const [there, here] of moved) here.set(there.subarray(at + start, at + start + count));
    kernel.gradient.set(gradient.subarray(from + start, from + start + count));
    kernel.move(count, step);
    for (const [there, here] of moved) there.set(here.subarray(0, count), at + start);
  }
}
