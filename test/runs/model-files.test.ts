// The copy of a model's file inside a run: it is the one the run was trained with, or the run is damaged.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Recipe } from '../../src/config/recipe-schema.js';
import { UserError } from '../../src/errors.js';
import { hashBytes } from '../../src/hash.js';
import { runKey } from '../../src/runs/config.js';
import { changedModelFile, loadModelFiles } from '../../src/runs/model-files.js';
import { pretendTrainer, smallRequest, temporaryFolder } from '../workflows/small-experiment.js';

const sha256 = hashBytes(Buffer.from('as trained'));

async function recipeOf(from: string, hash = sha256): Promise<Recipe> {
  const { recipe } = await smallRequest(await temporaryFolder(), { trainer: pretendTrainer(1) });
  return { ...recipe, model: { name: 'mine', from, sha256: hash } };
}

it.each([
  ['gone', undefined],
  ['another one', 'changed'],
])('is %s: the run is damaged', async (said, text) => {
  const run = await temporaryFolder();
  await mkdir(join(run, 'models'));
  if (text !== undefined) await writeFile(join(run, 'models', 'mine.mjs'), text);
  const fault = await loadModelFiles(run, await recipeOf('./mine.js')).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(UserError);
  expect((fault as UserError).code).toBe('RUN_DAMAGED');
  expect((fault as UserError).where).toBe(join(run, 'models', 'mine.mjs'));
  expect((fault as UserError).message).toContain(said);
});

it('names the file beside the recipe once that has changed', async () => {
  const folder = await temporaryFolder();
  const recipe = await recipeOf('./mine.js');
  expect(await changedModelFile(folder, recipe)).toBeUndefined();
  await writeFile(join(folder, 'mine.js'), 'as trained');
  expect(await changedModelFile(folder, recipe)).toBeUndefined();
  await writeFile(join(folder, 'mine.js'), 'changed');
  expect(await changedModelFile(folder, recipe)).toBe('./mine.js');
});

it('decides the key of a run by its content, not by where it lies', async () => {
  const key = (recipe: Recipe): string => runKey(recipe, 'data', 'code');
  const here = key(await recipeOf('./mine.js'));
  expect(key(await recipeOf('../elsewhere/mine.js'))).toBe(here);
  expect(key(await recipeOf('./mine.js', hashBytes(Buffer.from('changed'))))).not.toBe(here);
});
