// The words behind the indexes of a prepared folder, by column.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openPrepared } from '../../src/prepared/open.js';

const TASTES = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/prepared-tastes');

it('is read for ids and categories, and refused for any other name with those that there are', async () => {
  const dataset = await openPrepared(TASTES);
  const named = dataset.manifest.features.filter((feature) => feature.kind !== 'numeric')[0]!;
  expect(await dataset.vocabulary('entity')).toHaveLength(dataset.manifest.entities + 1);
  expect((await dataset.vocabulary(named.name)).length).toBeGreaterThan(1);
  for (const name of ['nothing', 'label', '../manifest'])
    await expect(dataset.vocabulary(name)).rejects.toMatchObject({
      code: 'PREPARED_NO_VOCABULARY',
      where: expect.stringContaining(`› ${name}`),
      next: expect.stringContaining(named.name),
    });
});
