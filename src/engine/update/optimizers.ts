// Every update rule, every schedule and every transform of gradients there is. A new one is one new file and one line here.
import { InternalError } from '../../errors.js';
import type { Model } from '../../models/contract/definition.js';
import type { OptimizerOptions, ScheduleOptions } from '../../models/contract/options.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import {
  chain,
  type GradientTransform,
  type Moment,
  type Optimizer,
  type Schedule,
  type Subject,
  type UpdateRule,
} from './optimizer.js';
import { adagrad } from './rules/adagrad.js';
import { adam } from './rules/adam.js';
import { ftrl } from './rules/ftrl.js';
import { sgd } from './rules/sgd.js';
import { cosine } from './schedules/cosine.js';
import { plateau } from './schedules/plateau.js';
import { embeddingL2 } from './transforms/embedding-l2.js';
import { weightDecay } from './transforms/weight-decay.js';

const RULES: Readonly<Record<OptimizerOptions['name'], UpdateRule>> = { adam, adagrad, ftrl, sgd };

/** In the order they are applied. */
const TRANSFORMS: readonly GradientTransform[] = [weightDecay, embeddingL2];

/** The optimiser that the options ask for, for values of this kind. */
export function makeOptimizer(options: OptimizerOptions, subject: Subject, memory?: KernelMemory): Optimizer {
  return chain(RULES[options.name], TRANSFORMS, scheduleOf(options), options, subject, memory);
}

/** The rate of the options, times what their schedule leaves of it. */
function scheduleOf({ learningRate, schedule }: OptimizerOptions): Schedule {
  if (schedule === undefined) return () => learningRate;
  const shareAt = shareOf(schedule);
  // The same for all rows of a step, of which there may be tens of thousands.
  let known: Moment | undefined;
  let rate = 0;
  return (moment) => {
    if (moment !== known) {
      known = moment;
      rate = learningRate * shareAt(moment);
    }
    return rate;
  };
}

function shareOf(options: ScheduleOptions): (moment: Moment) => number {
  switch (options.kind) {
    case 'constant':
      return () => 1;
    case 'plateau':
      return plateau(options);
    case 'cosine':
      return cosine(options);
  }
}

/** Makes the optimisers of a model by name and subject, each once. */
export function optimizersOf(
  model: Pick<Model, 'name' | 'optimizers'>,
  memory?: KernelMemory,
): (key: string, subject: Subject) => Optimizer {
  const made = new Map<string, Optimizer>();
  return (key, subject) => {
    const options = model.optimizers[key];
    if (options === undefined) throw new InternalError(`model ${model.name} has no optimizer "${key}"`);
    const name = `${subject} ${key}`;
    const optimizer = made.get(name) ?? makeOptimizer(options, subject, memory);
    made.set(name, optimizer);
    return optimizer;
  };
}
