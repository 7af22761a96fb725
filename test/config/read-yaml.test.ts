// A configuration file that cannot be read at all.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readYaml } from '../../src/config/read-yaml.js';

it('says which file, as it was named, and what the system says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'limaml-yaml-'));
  const fault = { code: 'CONFIG_MISSING', where: 'recipe.yaml' };
  await expect(readYaml(folder, 'recipe.yaml')).rejects.toMatchObject({
    ...fault,
    what: expect.stringContaining('EISDIR'),
  });
  await expect(readYaml(join(folder, 'none.yaml'), 'recipe.yaml')).rejects.toMatchObject({
    ...fault,
    what: expect.stringContaining('ENOENT'),
  });
  await rm(folder, { recursive: true });
});
