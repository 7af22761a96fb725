// A first recipe beside a first descriptor: LiMAML and the models that it must beat, on the same rows.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { schemaLine } from '../../schema-line.js';

/** Writes `experiments/<name>/experiment.yaml` unless there is one. */
export async function writeRecipe(
  cwd: string,
  name: string,
  dataset: string,
): Promise<{ readonly path: string; readonly written: boolean }> {
  const path = resolve(cwd, 'experiments', name, 'experiment.yaml');
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, `${schemaLine('recipe', path, cwd)}\n${recipeText(name, dataset)}`, { flag: 'wx' });
    return { path, written: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { path, written: false };
  }
}

/** Text of a first recipe. */
export function recipeText(name: string, dataset: string): string {
  return [
    `# limaml train ${name}`,
    `# Then: limaml eval ${name}/latest --baseline widedeep`,
    `name: ${name}`,
    `dataset: ${/^[a-z0-9][\w./-]*$/i.test(dataset) ? dataset : JSON.stringify(dataset)}`,
    '',
    'model:',
    '  name: limaml',
    '',
    '# What personalisation must beat: IDs with crosses, and nothing personal at all.',
    'baselines:',
    '  widedeep: {}',
    '  deep: {}',
    '',
    'training:',
    '  epochs: 30',
    '  patience: 5',
    '',
    'seed: 1',
    '',
    `# What limaml sweep ${name} tries, with the same budget for every model, on validation rows alone.`,
    'sweep:',
    '  trials: 12',
    '  space:',
    '    model.optimizer.learningRate: { log: [0.0005, 0.02] }',
    '',
  ].join('\n');
}
