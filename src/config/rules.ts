// Rules that hold between the parts of a recipe, each named for what it forbids.
import type { Fault } from './faults.js';
import type { Recipe } from './recipe-schema.js';

type Rule = (recipe: Recipe) => readonly Fault[];

/** Two sets of options for one model: nobody could say which one counts. */
const modelIsItsOwnBaseline: Rule = ({ model, baselines }) =>
  baselines[model.name] === undefined
    ? []
    : [
        {
          code: 'CONFIG_RULE',
          path: ['baselines', model.name],
          what: `"${model.name}" is the trained model and stands under baselines too.`,
          next: 'Keep its options under "model" alone.',
        },
      ];

/** A feature named twice would be read twice. */
const featureNamedTwice: Rule = ({ features }) =>
  Object.entries(features).flatMap(([side, names]) =>
    (names ?? []).flatMap((name, i) =>
      (names ?? []).indexOf(name) < i
        ? [
            {
              code: 'CONFIG_RULE',
              path: ['features', side, i],
              what: `"${name}" is named twice.`,
              next: 'Name it once.',
            },
          ]
        : [],
    ),
  );

/** WebGPU and CUDA are execution providers of ONNX Runtime; the TensorFlow executors know neither. */
const deviceOfAnotherBackend: Rule = ({ training: { backend, device } }) =>
  backend === 'onnxruntime' || device === 'cpu'
    ? []
    : [
        {
          code: 'CONFIG_RULE',
          path: ['training', 'device'],
          what: `"${backend}" runs on the CPU only, not on ${device}.`,
          next: 'Set training.device to cpu, or training.backend to onnxruntime.',
        },
      ];

export const RULES: readonly Rule[] = [modelIsItsOwnBaseline, featureNamedTwice, deviceOfAnotherBackend];
