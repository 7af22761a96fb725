// Every recipe in experiments/ can be trained as it is: it loads, names a shipped data set, and takes its own name.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadExperiment } from '../../src/config/load-experiment.js';

const ROOT = join(import.meta.dirname, '..', '..');
const names = readdirSync(join(ROOT, 'experiments'));

it('are nine', () => {
  expect(names).toHaveLength(9);
});

it.each(names)('%s', async (name) => {
  const { loaded, data } = await loadExperiment({
    recipe: join(ROOT, 'experiments', name, 'experiment.yaml'),
    cwd: ROOT,
    set: [],
  });
  // Where there are no times nothing can adapt.
  const timeless = name.startsWith('frappe-');
  expect(loaded.recipe).toMatchObject({ name, model: { name: timeless ? 'widedeep' : 'limaml' } });
  const { name: model } = loaded.recipe.model;
  expect([model, ...Object.keys(loaded.recipe.baselines)]).toContain('widedeep');
  expect(data.kind === 'raw' && data.descriptor.name).toBe(loaded.recipe.dataset);
});
