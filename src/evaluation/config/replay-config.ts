// `evaluation.replay` of a recipe: when vectors, and models, are made anew while the scored rows go by.
import { z } from 'zod';
import { spanMs, TIME_SPAN } from '../../time-span.js';

const SPAN_TEXT = 'A length of time is a number with its unit, such as 90s, 30m, 6h, 1d or 2w';

const span = z.string().regex(TIME_SPAN, SPAN_TEXT);
/** A length of time above 0, or one of the words. */
const period = (words: string, pattern: RegExp) =>
  z.string().refine((text) => pattern.test(text) || (TIME_SPAN.test(text) && spanMs(text) > 0), {
    message: `${words}, or a length of time above 0 such as 6h, 1d or 2w, is expected`,
  });

/** A refresh that is one: `event` or a length of time. */
export const refreshes = period('"event"', /^event$/);

/** Times between trainings, or `none`. */
export const retrains = period('"none"', /^none$/);

export const replayConfig = z.strictObject({
  refresh: period('"none", "event"', /^(none|event)$/)
    .default('none')
    .describe(
      'when vectors are adapted anew on all that came before: none (once, at the first scored row), event (for every row), or a length of time such as 1d',
    ),
  delay: span
    .default('0s')
    .describe('how old an event must be to have reached whoever adapts the vectors, such as 1h'),
  retrain: retrains
    .default('none')
    .describe(
      'when every model is trained again on all that came before: none, or a length of time such as 7d',
    ),
  retrained: z
    .enum(['all', 'baselines'])
    .default('all')
    .describe('which models are trained again; baselines: the evaluated one is refreshed only'),
});

export type ReplayConfig = z.output<typeof replayConfig>;

/** The same in numbers. */
interface ReplayTimes {
  /** Milliseconds between two refreshes of the vectors; `event`: each row has an instant of its own. */
  readonly refresh: 'none' | 'event' | number;
  readonly delayMs: number;
  /** Milliseconds between two trainings; undefined: the trained model serves all along. */
  readonly retrainMs: number | undefined;
}

export function replayTimes({ refresh, delay, retrain }: ReplayConfig): ReplayTimes {
  return {
    refresh: refresh === 'none' || refresh === 'event' ? refresh : spanMs(refresh),
    delayMs: spanMs(delay),
    retrainMs: retrain === 'none' ? undefined : spanMs(retrain),
  };
}

/** The times that hold for the evaluated model, which may be spared the trainings. */
export function evaluatedTimes(config: ReplayConfig): ReplayTimes {
  const times = replayTimes(config);
  return config.retrained === 'all' ? times : { ...times, retrainMs: undefined };
}

/** Whether a vector, or a model, is made anew between two scored rows of an entity. */
export const isRenewed = ({ refresh, retrain }: ReplayConfig): boolean =>
  refresh !== 'none' || retrain !== 'none';
