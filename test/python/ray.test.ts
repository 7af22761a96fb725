// docs/spark.md: its lines for Ray run as printed, and give the vectors of the bundle.
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { ROOT } from '../cli/run-limaml.js';
import { bundleTables } from './bundle-tables.js';
import { SPARK } from './python.js';

const python = process.env['LIMAML_TEST_SPARK'] || undefined;
const hasRay =
  python !== undefined &&
  spawnSync(python, ['-c', 'import ray.data, onnxruntime'], { stdio: 'ignore' }).status === 0;
if (!hasRay)
  console.warn(
    'SKIPPED: the lines for Ray are not run, because LIMAML_TEST_SPARK names no Python that has ray.',
  );

it.skipIf(!hasRay)('vectors on Ray Data are those of the bundle', async () => {
  const page = readFileSync(join(ROOT, 'docs', 'spark.md'), 'utf8');
  const code = [...page.matchAll(/```python\n([\s\S]*?)```/g)].map(([, text]) => text!).at(-1)!;
  expect(code).toContain('map_groups');
  const whole = `import json, ray
ray.init(num_cpus=3, include_dashboard=False, logging_level="ERROR")
folder = ${JSON.stringify(BUNDLE)}
${code}
print("\\n" + json.dumps({row["entity"]: [float(v) for v in row["vector"]] for row in vectors.take_all()}))
`;
  const { stdout } = await promisify(execFile)(python!, ['-c', whole], {
    env: { ...process.env, PYTHONPATH: SPARK, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 2 ** 26,
  });
  const found = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, number[]>;
  const { vectors } = await bundleTables(BUNDLE);
  expect(Object.keys(found)).toHaveLength(36);
  for (const [entity, vector] of Object.entries(found))
    vector.forEach((value, d) => {
      expect(Math.abs(value - vectors[entity]![d]!)).toBeLessThan(1e-6);
    });
});
