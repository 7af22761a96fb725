// Adam (Kingma & Ba 2015). Rows of a table that a batch does not touch are left alone.
import { KeptBytes, type KernelMemory } from '../../memory/kernel-memory.js';
import { ADAM, adamKernel } from '../kernels/adam-kernel.js';
import type { Kernel } from '../kernels/module.js';
import type { Moment, OptimizerSlots, RowsMover, UpdateRule } from '../optimizer.js';

const BYTES = 4;

interface Step {
  readonly scale: number;
  readonly decay: number;
  /** The rate, and the epsilon, with the corrections of the bias in them. */
  readonly rate: number;
  readonly small: number;
}

export const adam: UpdateRule = (rateOf, { scale, decay }, _options, memory) => {
  const { b1, b2, epsilon } = ADAM;
  const inMemory = memory === undefined ? undefined : rowsInMemory(memory);
  // The powers of a step are the same for all its rows, of which there may be tens of thousands.
  let known: Moment | undefined;
  let now: Step = { scale, decay, rate: 0, small: 0 };
  const stepOf = (moment: Moment): Step => {
    if (moment !== known) {
      known = moment;
      const { step } = moment;
      const root2 = Math.sqrt(1 - b2 ** step);
      now = { scale, decay, rate: (rateOf(moment) * root2) / (1 - b1 ** step), small: epsilon * root2 };
    }
    return now;
  };
  return {
    slots: 2,
    update(values, at, length, gradient, from, slots, moment) {
      const step = stepOf(moment);
      // A short one is moved before the kernel is called.
      const move =
        length < WORTH_CALLING
          ? undefined
          : inMemory?.(WHOLE, length, values, at, gradient, from, slots, step);
      if (move === undefined) moveRow(values, at, length, gradient, from, slots, step);
      else move(0, 1);
    },
    rowsMover(rows, dim, values, gradient, slots, moment) {
      return inMemory?.(rows, dim, values, 0, gradient, 0, slots, stepOf(moment));
    },
  };
};

/** All values as one row. */
const WHOLE = Int32Array.of(0);
const WORTH_CALLING = 64;

function moveRow(
  values: Float32Array,
  at: number,
  length: number,
  gradient: Float32Array,
  from: number,
  [first, second]: OptimizerSlots,
  { scale, decay, rate, small }: Step,
): void {
  const { b1, b2 } = ADAM;
  for (let i = 0; i < length; i++) {
    const p = at + i;
    const g = scale * gradient[from + i]! + decay * values[p]!;
    const m = b1 * first![p]! + (1 - b1) * g;
    const v = b2 * second![p]! + (1 - b2) * g * g;
    first![p] = m;
    second![p] = v;
    values[p]! -= (rate * m) / (Math.sqrt(v) + small);
  }
}

type MoverOf = (
  rows: Int32Array,
  dim: number,
  values: Float32Array,
  at: number,
  gradient: Float32Array,
  from: number,
  slots: OptimizerSlots,
  step: Step,
) => RowsMover | undefined;

/** The same, to the last bit, by a kernel, where all arrays lie in its memory. */
function rowsInMemory(memory: KernelMemory): MoverOf {
  let run: Kernel | undefined;
  const lists = new KeptBytes(memory);
  return (rows, dim, values, at, gradient, from, [first, second], { scale, decay, rate, small }) => {
    const [w, m, v] = [values, first!, second!].map((array) => memory.addressOf(array, at));
    const g = memory.addressOf(gradient, from);
    if (w === undefined || m === undefined || v === undefined || g === undefined) return undefined;
    run ??= adamKernel(memory);
    const move = run;
    const list = lists.atLeast(BYTES * rows.length);
    new Int32Array(memory.buffer(), list, rows.length).set(rows);
    const length = BYTES * dim;
    const pairs = length - (length % (2 * BYTES));
    return (start, end) => {
      const [listed, listEnd, gradients] = [list + BYTES * start, list + BYTES * end, g + length * start];
      move(listed, listEnd, w, m, v, gradients, length, pairs, scale, decay, rate, small);
    };
  };
}
