// A recipe that extends another: what is taken over, from where it is said to come, and what is refused.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadRecipe } from '../../src/config/load-recipe.js';
import { newRecipe } from '../../src/config/new-recipe.js';
import { temporaryFolder } from '../workflows/small-experiment.js';

let cwd: string;
const write = async (name: string, text: string): Promise<void> => {
  const folder = join(cwd, 'experiments', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'experiment.yaml'), text);
};

const BASE = `name: base
dataset: synthetic
model: { name: limaml, inner: { steps: 2, rate: 0.5 }, meta: { hidden: [8, 4] } }
baselines:
  widedeep: { hidden: [16] }
training: { epochs: 7, patience: 3 }
`;

beforeEach(async () => {
  cwd = await temporaryFolder();
  await write('base', BASE);
});

const load = (recipe: string) => loadRecipe({ recipe, cwd });

describe('extends', () => {
  it('takes over what is not said, key by key, lists whole, and says from where', async () => {
    await write(
      'mine',
      'name: mine\nextends: base\nmodel: { inner: { steps: 0 }, meta: { hidden: [6] } }\nseed: 3\n',
    );
    const { recipe, origins } = await load('mine');
    expect(recipe).toMatchObject({
      name: 'mine',
      dataset: 'synthetic',
      seed: 3,
      model: { name: 'limaml', inner: { steps: 0, rate: 0.5 }, meta: { hidden: [6] } },
      baselines: { widedeep: { hidden: [16] } },
      training: { epochs: 7, patience: 3 },
    });
    expect(origins).toMatchObject({
      'model.inner.steps': 'experiments/mine/experiment.yaml:3:19',
      'model.inner.rate': 'experiments/base/experiment.yaml:3:43',
      'training.epochs': 'experiments/base/experiment.yaml:6:13',
      'training.metric': 'default',
      seed: 'experiments/mine/experiment.yaml:4:1',
    });
  });

  it('of another model takes none of its options', async () => {
    await write('other', 'name: other\nextends: base\nmodel: { name: deep }\n');
    const { recipe, origins } = await load('other');
    expect(recipe.model.name).toBe('deep');
    expect(origins['model.hidden']).toBe('default');
  });

  it('goes over several, by name and by file; files are found from where they were named', async () => {
    await write('base', BASE.replace('synthetic', './data.yaml'));
    await writeFile(join(cwd, 'experiments/base/data.yaml'), '');
    await write('one', 'name: one\nextends: ../base\ntraining: { epochs: 8 }\n');
    await write('two', 'name: two\nextends: one\ntraining: { patience: 4 }\n');
    const { recipe, origins } = await load('two');
    expect(recipe).toMatchObject({ dataset: '../base/data.yaml', training: { epochs: 8, patience: 4 } });
    expect(origins['training.epochs']).toBe('experiments/one/experiment.yaml:3:13');
  });

  it('needs a name of its own', async () => {
    await write('nameless', 'extends: base\n');
    await expect(load('nameless')).rejects.toMatchObject({
      errors: [
        expect.objectContaining({ code: 'CONFIG_MISSING_KEY', what: expect.stringContaining('"name"') }),
      ],
    });
  });

  it('names the file of a fault that was taken over', async () => {
    await write('base', BASE.replace('epochs: 7', 'epochs: many'));
    await write('mine', 'name: mine\nextends: base\n');
    await expect(load('mine')).rejects.toMatchObject({
      errors: [expect.objectContaining({ where: 'experiments/base/experiment.yaml:6:13 › training.epochs' })],
    });
  });

  it('in a circle is refused', async () => {
    await write('one', 'name: one\nextends: two\n');
    await write('two', 'name: two\nextends: one\n');
    await expect(load('one')).rejects.toMatchObject({
      code: 'CONFIG_EXTENDS_CIRCLE',
      what: expect.stringContaining(
        'experiments/one/experiment.yaml → experiments/two/experiment.yaml → experiments/one/experiment.yaml',
      ),
    });
    await write('self', 'name: self\nextends: self\n');
    await expect(load('self')).rejects.toMatchObject({ code: 'CONFIG_EXTENDS_CIRCLE' });
  });

  it.each(['3', '', '[base]'])('is no %s', async (value) => {
    await write('mine', `name: mine\nextends: ${value === '' ? '""' : value}\n`);
    await expect(load('mine')).rejects.toMatchObject({
      code: 'CONFIG_BAD_VALUE',
      where: 'experiments/mine/experiment.yaml:2:1 › extends',
    });
  });
});

describe('a new recipe', () => {
  const made = (name: string, extending = false, from = 'base', dataset?: string) =>
    newRecipe(name, { from, extending, dataset, cwd });

  it('is a copy under its own name, comments and all', async () => {
    await write('base', `# yaml-language-server: $schema=old\n# limaml train base\n#\n# Why.\n${BASE}`);
    const { path } = await made('copied');
    expect(await readFile(path, 'utf8')).toBe(
      `# yaml-language-server: $schema=../../node_modules/limaml/schemas/recipe.schema.json\n# limaml train copied\n#\n# Why.\n${BASE.replace('name: base', 'name: copied')}`,
    );
    expect((await load('copied')).recipe).toMatchObject({ name: 'copied', training: { epochs: 7 } });
  });

  it('names itself in what its comments say to type', async () => {
    await write('base', `# Then: limaml eval base/latest --baseline deep; limaml eval basement\n${BASE}`);
    const { path } = await made('copied', false, 'base', 'films');
    expect(await readFile(path, 'utf8')).toContain(
      '# Then: limaml eval copied/latest --baseline deep; limaml eval basement\n',
    );
  });

  it('of no other is the text that is given', async () => {
    const text = 'name: first\ndataset: synthetic\nmodel: { name: limaml }\n';
    const made = await newRecipe('first', { from: { text }, extending: false, dataset: undefined, cwd });
    expect(made.from).toBe(null);
    expect((await load('first')).recipe).toMatchObject({ name: 'first', dataset: 'synthetic' });
  });

  it('may extend, and be of other data', async () => {
    await made('short', true, 'base', 'movielens-100k');
    expect((await load('short')).recipe).toMatchObject({
      name: 'short',
      dataset: 'movielens-100k',
      training: { epochs: 7 },
    });
    // Shipped with the package.
    await made('shipped', true, 'kuairand-pure');
    expect((await load('shipped')).recipe.dataset).toBe('kuairand-pure');
  });

  it('overwrites nothing and needs a name', async () => {
    await expect(made('base')).rejects.toMatchObject({ code: 'RECIPE_EXISTS' });
    await expect(made('../base')).rejects.toMatchObject({ code: 'RECIPE_NAME' });
    await expect(made('x', false, 'bse')).rejects.toMatchObject({ code: 'RECIPE_MISSING' });
  });
});
