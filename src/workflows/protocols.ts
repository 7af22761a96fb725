// Which protocols an evaluation is made under, beside frozen vectors.
import type { Override } from '../config/layers.js';
import { type ReplayConfig, replayConfig } from '../evaluation/config/replay-config.js';
import { hashJson } from '../hash.js';
import type { RunConfig } from '../runs/config.js';
import { evaluationOf } from './evaluation-overrides.js';

export const FROZEN_REPLAY: ReplayConfig = replayConfig.parse({});

/** What was typed of a replay. */
interface TypedReplay {
  readonly refresh?: readonly string[];
  readonly delay?: string | undefined;
  readonly retrain?: string | undefined;
}

/** One protocol for every `--refresh`, or the recipe's; `--delay` and `--retrain` hold for all. Throws every fault of them. */
export function replaysOf(
  config: RunConfig,
  set: readonly string[],
  { refresh = [], delay, retrain }: TypedReplay,
): readonly ReplayConfig[] {
  const typed = { delay, retrain };
  const shared = Object.entries(typed).flatMap(([key, value]) =>
    value === undefined ? [] : [over(key, value)],
  );
  if (refresh.length === 0) return [evaluationOf(config, set, shared).replay];
  return refresh.map((value) => evaluationOf(config, set, [...shared, over('refresh', value)]).replay);
}

const over = (key: string, value: string): Override => ({
  path: ['evaluation', 'replay', key],
  value,
  flag: `--${key} ${value}`,
});

/** Those that are not frozen vectors, each once. */
export function differing(replays: readonly ReplayConfig[]): readonly ReplayConfig[] {
  const hashes = replays.map(hashJson);
  const frozen = hashJson(FROZEN_REPLAY);
  return replays.filter((_, i) => hashes.indexOf(hashes[i]!) === i && hashes[i] !== frozen);
}

/** `refresh=1d`, `refresh=event,delay=1h`, `retrain=7d`: what differs from frozen vectors. */
export function protocolLabel(protocol: ReplayConfig): string {
  const keys = Object.keys(FROZEN_REPLAY) as (keyof ReplayConfig)[];
  return keys
    .flatMap((key) => (protocol[key] === FROZEN_REPLAY[key] ? [] : [`${key}=${protocol[key]}`]))
    .join(',');
}
