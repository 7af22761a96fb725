// docs/stores/feast.md: its lines run as printed, and Feast gives the vectors of the bundle that came last.
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { bundles } from '../bundle/published/published-bundles.js';
import { ROOT } from '../cli/run-limaml.js';
import { bundleTables } from './bundle-tables.js';

const python = process.env['LIMAML_TEST_SPARK'] || undefined;
const hasFeast =
  python !== undefined && spawnSync(python, ['-c', 'import feast'], { stdio: 'ignore' }).status === 0;
if (!hasFeast)
  console.warn(
    'SKIPPED: the lines for Feast are not run, because LIMAML_TEST_SPARK names no Python that has feast.',
  );

it.skipIf(!hasFeast)(
  'an export, then what a later bundle changed: Feast has the vectors of the later',
  async () => {
    const { folder, old, new: newer } = await bundles();
    try {
      const page = readFileSync(join(ROOT, 'docs', 'stores', 'feast.md'), 'utf8');
      const code = [...page.matchAll(/```(?:python|yaml)\n([\s\S]*?)```/g)].map(([, text]) => text!);
      expect(code).toHaveLength(4);
      const repository = join(folder, 'feature_repo');
      mkdirSync(join(repository, 'vectors'), { recursive: true });
      writeFileSync(join(repository, 'feature_store.yaml'), code[0]!);
      writeFileSync(join(repository, 'limaml.py'), code[1]!);
      writeFileSync(join(folder, 'to_feast.py'), code[2]!);
      const run = promisify(execFile);
      await run(join(dirname(python!), 'feast'), ['apply'], { cwd: repository });
      for (const bundle of [old, newer])
        await run(python!, ['to_feast.py', join(bundle, 'embeddings.parquet')], { cwd: folder });

      const { vectors } = await bundleTables(newer);
      const entities = Object.keys(vectors);
      const { vectors: before } = await bundleTables(old);
      expect(
        entities.filter((entity) => `${vectors[entity]}` !== `${before[entity]}`).length,
      ).toBeGreaterThan(0);
      const asked = code[3]!.replace(
        '[{"entity": "m00001"}]',
        JSON.stringify(entities.map((entity) => ({ entity }))),
      );
      const { stdout } = await run(
        python!,
        ['-c', `import json\n${asked}\nprint("\\n" + json.dumps(found))`],
        { cwd: folder },
      );
      const found = JSON.parse(stdout.trim().split('\n').at(-1)!) as { entity: string[]; vector: number[][] };
      expect(found.entity).toEqual(entities);
      found.vector.forEach((vector, row) => {
        expect(vector).toEqual(vectors[entities[row]!]);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
