// Keys of runs: what may part two of them, and what may not.
import { describe, expect, it } from 'vitest';
import { baselineRecipe } from '../../src/config/exchange-model.js';
import { chosenModel } from '../../src/config/recipe-schema.js';
import { hashJson } from '../../src/hash.js';
import { MODELS } from '../../src/models/registry.js';
import { runKey } from '../../src/runs/config.js';
import { pretendTrainer, smallRequest, temporaryFolder } from '../workflows/small-experiment.js';

const keyOf = async (model: string, set: readonly string[]): Promise<string> => {
  const request = await smallRequest(await temporaryFolder(), { trainer: pretendTrainer(1), set });
  return runKey(baselineRecipe(request, model).recipe, 'data', 'code');
};

describe('the key of a run', () => {
  it.each(['training.shuffleSupport=true', 'evaluation.replay.refresh=1d'])(
    'depends on %s for the models that have supports, and for no other',
    async (set) => {
      const parted: string[] = [];
      for (const { name } of MODELS)
        if ((await keyOf(name, [])) !== (await keyOf(name, [set]))) parted.push(name);
      expect(parted).toEqual(MODELS.flatMap(({ name, learns }) => (learns === 'episodes' ? [name] : [])));
      expect(parted.length).toBeGreaterThan(1);
      expect(parted.length).toBeLessThan(MODELS.length);
    },
  );

  it('depends on every other training option for every model', async () => {
    for (const { name } of MODELS)
      expect(await keyOf(name, ['training.epochs=3'])).not.toBe(await keyOf(name, []));
  });

  it('is the hash of model, features, training with execution, seed, data and code as they stand', async () => {
    for (const set of [[], ['training.shuffleSupport=true']]) {
      const { recipe } = await smallRequest(await temporaryFolder(), { trainer: pretendTrainer(1), set });
      const { features, seed } = recipe;
      const training = { ...recipe.training, ...recipe.execution };
      const model = chosenModel(recipe);
      expect(runKey(recipe, 'data', 'code')).toBe(
        hashJson({ model, features, training, seed, data: 'data', code: 'code' }),
      );
    }
  });
});
