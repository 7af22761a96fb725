// A small experiment in a temporary folder: recipe, in-memory data, and a trainer that trains nothing.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRecipe } from '../../src/config/load-recipe.js';
import { silent } from '../../src/progress.js';
import type { TrainRunRequest } from '../../src/workflows/train.js';
import type { Trainer } from '../../src/workflows/trainer.js';
import { plantedDataset } from '../support/planted-dataset.js';

/** A folder that goes when all tests have ended. */
export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'limaml-test-'));

const SMALL_RECIPE = `name: small
dataset: memory
model: { name: limaml, embedding: { size: 4 }, meta: { hidden: [8], size: 4 }, global: { hidden: [8] } }
baselines: { deep: { hidden: [8], embedding: { size: 4 } } }
training: { epochs: 2 }
execution: { workers: 0 }
evaluation: { bootstrap: { replicates: 200 }, segments: { features: [age] } }
`;

/** A request to train into `<cwd>/experiments/small/runs`; one second passes between any two looks at the clock. */
export async function smallRequest(
  cwd: string,
  { trainer, set = [], resume = false }: { trainer: Trainer; set?: readonly string[]; resume?: boolean },
): Promise<TrainRunRequest> {
  await writeFile(join(cwd, 'recipe.yaml'), SMALL_RECIPE);
  const { recipe, origins } = await loadRecipe({ recipe: 'recipe.yaml', cwd, set });
  let ms = Date.UTC(2026, 7, 2, 14, 15, 2);
  return {
    recipe,
    origins,
    recipeFile: { file: 'recipe.yaml', sha256: 'f'.repeat(64) },
    runsFolder: join(cwd, 'experiments', 'small', 'runs'),
    dataset: plantedDataset(),
    resume,
    command: ['train', 'recipe.yaml'],
    trainer,
    progress: silent,
    now: () => {
      ms += 1000;
      return new Date(ms);
    },
  };
}

/** Reports the epochs up to `epochs`, writes a file as its checkpoint, and stops with an error after `failAfter` epochs. */
export function pretendTrainer(epochs: number, failAfter = Number.POSITIVE_INFINITY): Trainer {
  return async ({ checkpoint, resume, onEpoch, onResume }) => {
    if (resume) await onResume({ phase: 'select', epoch: 1, log: '' });
    for (let epoch = resume ? 2 : 1; epoch <= epochs; epoch++) {
      await onEpoch({ phase: 'select', epoch, loss: 1 / epoch });
      await writeFile(join(checkpoint, 'model.safetensors'), `epoch ${epoch}`);
      if (epoch >= failAfter) throw new Error('the power went out');
    }
    return { best: { epoch: epochs, auc: 0.75 } };
  };
}
