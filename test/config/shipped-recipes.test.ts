// Every recipe in experiments/ can be trained as it is: it loads, names a shipped data set, and takes its own name.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadExperiment } from '../../src/config/load-experiment.js';

const ROOT = join(import.meta.dirname, '..', '..');
const names = readdirSync(join(ROOT, 'experiments'));

it('are six', () => {
  expect(names).toHaveLength(6);
});

it.each(names)('%s', async (name) => {
  const { loaded, data } = await loadExperiment({
    recipe: join(ROOT, 'experiments', name, 'experiment.yaml'),
    cwd: ROOT,
    set: [],
  });
  expect(loaded.recipe).toMatchObject({ name, model: { name: 'limaml' } });
  expect(Object.keys(loaded.recipe.baselines)).toContain('widedeep');
  expect(data.kind === 'raw' && data.descriptor.name).toBe(loaded.recipe.dataset);
});
