// `tuned.yaml` beside the recipe: the recipe with what won.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeFileAtomic } from '../../atomic-files.js';
import { findRecipe } from '../../config/find-files.js';
import { tunedRecipe } from '../../config/tuned-recipe.js';
import type { Progress } from '../../progress.js';
import type { Leaderboard } from './leaderboard.js';

/** Path of the written recipe. An older one is replaced. */
export async function writeTuned(
  reference: string,
  { path, model, models }: Leaderboard,
  cwd: string,
  progress: Progress,
): Promise<string> {
  const recipe = findRecipe(reference, cwd);
  const winners = models.flatMap(({ model: name, best }) =>
    best === null ? [] : [{ model: name, values: best.assignment }],
  );
  const { text, unsettled } = tunedRecipe(await readFile(recipe.path, 'utf8'), model, winners);
  if (unsettled.length > 0)
    progress({
      kind: 'warning',
      code: 'SWEEP_UNSETTLED',
      text: `${unsettled.join(', ')}: the winners differ, and a recipe holds one value for all its models; left as in the recipe`,
    });
  const file = join(dirname(dirname(path)), 'tuned.yaml');
  const head = `# ${basename(recipe.path)} with what won in the sweep ${basename(path)}, on validation rows\n`;
  await writeFileAtomic(file, `${head}${text}`);
  return file;
}
