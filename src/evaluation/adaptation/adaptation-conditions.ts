// What a reader must know to read the adaptation curves rightly.
import type { AdaptationCurves } from './adaptation-result.js';

export function conditions(curves: Omit<AdaptationCurves, 'conditions'>): string[] {
  const { level, entities, sampledFrom, maxSupport, innerSteps } = curves;
  const percent = `${Math.round(level * 1000) / 10} %`;
  const stepsDiffer = innerSteps[0]?.overPrior.delta !== 0;
  return [
    `The same trained model is scored again and again; nothing is trained anew. Intervals (${percent}) are over entities like these ${entities.toLocaleString('en-US')}, and differences are paired.`,
    ...(sampledFrom === null
      ? []
      : [
          `To bound the time, the curves are those of ${entities} of ${sampledFrom.entities} entities, drawn at random by the seed.`,
        ]),
    `Support size n: every entity is adapted on its last n known rows, or all it has; at most ${maxSupport}.`,
    'Placebo: the labels of the support rows are shuffled within each entity. That keeps how often an entity clicks and takes away on what, so what the placebo still gains is the entity’s own rate alone.',
    'Staleness d: only support rows at least d days older than the entity’s first scored row are used. Older support is also less support where a history is short: see the support rows left at each point.',
    ...(stepsDiffer
      ? [
          'At 0 inner steps the meta block still sees the features of the support rows, so it is not the prior.',
        ]
      : []),
  ];
}
