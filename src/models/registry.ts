// Every model there is. A new model is one new file and one line here.
import { UserError } from '../errors.js';
import { nearestName } from '../nearest-name.js';
import type { ModelDefinition } from './contract/definition.js';
import { dcnv2 } from './dcnv2.js';
import { deep } from './deep.js';
import { din } from './din.js';
import { finetune } from './finetune.js';
import { limaml } from './limaml.js';
import { melu } from './melu.js';
import { metaEmbedding } from './meta-embedding.js';
import { rates } from './rates.js';
import { widedeep } from './widedeep.js';
import { widedeepX2 } from './widedeep-x2.js';

export const MODELS: readonly ModelDefinition[] = [
  limaml,
  widedeep,
  deep,
  finetune,
  dcnv2,
  widedeepX2,
  din,
  melu,
  metaEmbedding,
  rates,
];

/** The model of that name. Throws UserError MODEL_UNKNOWN that lists what there is. */
export function findModel(name: string): ModelDefinition {
  const found = MODELS.find((model) => model.name === name);
  if (found !== undefined) return found;
  const names = MODELS.map((model) => model.name);
  const nearest = nearestName(name, names);
  throw new UserError({
    code: 'MODEL_UNKNOWN',
    where: `model "${name}"`,
    what: `There is no model of that name. Models: ${names.join(', ')}.`,
    next: nearest === undefined ? 'See `limaml models`.' : `Did you mean "${nearest}"?`,
  });
}
