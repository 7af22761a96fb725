// Rules that hold between the parts of a recipe, each named for what it forbids.
import { BACKEND_NAMES, BACKENDS, type Backend } from '../runtime/backends.js';
import type { Device } from '../runtime/executor.js';
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
const deviceOfAnotherBackend: Rule = ({ execution: { backend, device } }) =>
  BACKENDS[backend].devices.includes(device)
    ? []
    : [
        {
          code: 'CONFIG_RULE',
          path: ['execution', 'device'],
          what: `"${backend}" runs on ${BACKENDS[backend].devices.join(', ')} only, not on ${device}.`,
          next: `Set execution.device to ${BACKENDS[backend].devices.join(' or ')}, or execution.backend to ${backendsWith(device).join(' or ')}.`,
        },
      ];

const backendsWith = (device: Device): readonly Backend[] =>
  BACKEND_NAMES.filter((name) => BACKENDS[name].devices.includes(device));

export const RULES: readonly Rule[] = [modelIsItsOwnBaseline, featureNamedTwice, deviceOfAnotherBackend];
