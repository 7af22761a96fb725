// Which runs are measured under which protocol.
import type { MeasuredProtocol } from '../measure-protocols.js';
import type { NamedRun } from '../named-run.js';
import { differing, FROZEN_REPLAY } from '../protocols.js';
import type { Plan } from './plan.js';
import type { SeedRuns } from './runs-of-seed.js';

/**
 * Frozen vectors, each refresh, and baselines that are trained again while the model is refreshed only. Of the last the named ones
 * alone take part, since what is not trained again is in the tables above.
 */
export function protocolsOf(
  { experiment, section }: Plan,
  { own, baselines, variants }: Omit<SeedRuns, 'place'>,
): readonly MeasuredProtocol[] {
  const { replay } = experiment.loaded.recipe.evaluation;
  const { refresh, retrain, retrained } = section;
  const all: readonly [NamedRun, ...NamedRun[]] = [own, ...baselines.values(), ...variants];
  const again = retrained?.map((name) => baselines.get(name)!) ?? [...baselines.values()];
  const refreshed = differing(refresh.map((when) => ({ ...replay, refresh: when })));
  return [
    { replay: FROZEN_REPLAY, runs: all },
    ...refreshed.map((protocol) => ({ replay: protocol, runs: all })),
    ...(retrain === 'none'
      ? []
      : [
          {
            replay: { ...replay, refresh: retrain, retrain, retrained: 'baselines' as const },
            runs: [own, ...again] as const,
          },
        ]),
  ];
}
