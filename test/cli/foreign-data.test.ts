// A prepared folder that another program wrote (test/fixtures/make/prepared_tastes.py).
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMain } from './in-process.js';
import { ROOT } from './run-limaml.js';
import { type Project, smallProject } from './small-project.js';

const RECIPE = `name: foreign
dataset: ../../elsewhere/tastes
model: { name: limaml, embedding: { size: 4 }, meta: { hidden: [8], size: 4 }, global: { hidden: [8] } }
baselines: { widedeep: { hidden: [8], embedding: { size: 4 } } }
training: { epochs: 2 }
execution: { workers: 0 }
evaluation: { bootstrap: { replicates: 200 } }
`;

let project: Project;
beforeAll(async () => {
  project = await smallProject();
  await cp(join(ROOT, 'test/fixtures/prepared-tastes'), join(project.path, 'elsewhere/tastes'), {
    recursive: true,
  });
  await project.write('experiments/foreign/experiment.yaml', RECIPE);
});
afterAll(() => project.remove());

const run = (...args: string[]) => runMain(args, { cwd: project.path });

describe('a prepared folder of another program', () => {
  it('is trained on, evaluated and exported', async () => {
    const valid = await run('validate', 'foreign');
    expect(valid.stdout).toContain('limaml on tastes, prepared, seed 1');
    const trained = await run('train', 'foreign', '--json');
    expect(trained.stderr).toContain('check  ');
    expect(trained.code).toBe(0);
    expect(JSON.parse(trained.stdout)).toMatchObject({ dataset: 'tastes', model: 'limaml', epochs: 2 });
    const evaluated = await run('eval', 'foreign/latest', '--baseline', 'widedeep', '--no-curves', '--json');
    expect(evaluated.code).toBe(0);
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ rows: 160, dataset: 'tastes' });
    const exported = await run('export', 'foreign/latest', '--out', 'bundle', '--verify', '--json');
    expect(exported.code).toBe(0);
    expect(JSON.parse(exported.stdout)).toMatchObject({ entities: 40, verified: { rows: 160 } });
  });

  it('is no folder of prepared data sets', async () => {
    const inside = await run('train', 'tiny', '--prepared', 'elsewhere/tastes');
    expect(inside.code).toBe(2);
    expect(inside.stderr).toMatch(/^error PREPARED_IS_ONE [\s\S]*--set dataset=elsewhere\/tastes/m);
  });

  it('is checked by prep, which has nothing to prepare', async () => {
    const checked = await run('prep', 'elsewhere/tastes');
    expect(checked.stdout).toContain('tastes (checked: every file and row keeps the format)');
    expect(checked.stdout).toMatch(/rows {6}800 of 40 entities and 12 items/);
    expect(checked.code).toBe(0);
    const set = await run('prep', 'elsewhere/tastes', '--set', 'duplicates=drop');
    expect([set.code, set.stderr]).toEqual([2, expect.stringContaining('PREPARED_NOT_RAW')]);
  });

  it('is refused, with its faults, where it breaks the format', async () => {
    const folder = join(project.path, 'broken');
    await cp(join(project.path, 'elsewhere/tastes'), folder, { recursive: true });
    const manifest = await readFile(join(folder, 'manifest.json'), 'utf8');
    await writeFile(join(folder, 'manifest.json'), manifest.replace('"labelRate": 0.', '"labelRate": 0.0'));
    const content = await run('train', 'foreign', '--set', 'dataset=broken');
    expect(content.code).toBe(2);
    expect(content.stderr).toMatch(/PREPARED_INVALID.*manifest\.json/);
    expect(content.stderr).toMatch(/train\.labelRate is 0\.0\d+, but the shards give 0\.\d+/);
    await writeFile(join(folder, 'items.parquet'), 'something else');
    const bytes = await run('train', 'foreign', '--set', 'dataset=broken');
    expect([bytes.code, bytes.stderr]).toEqual([2, expect.stringContaining('PREPARED_DAMAGED')]);
  });

  it('takes no override of a descriptor, and only its own features', async () => {
    const { code, stderr } = await run(
      ...['validate', 'foreign', '--set', 'prep.duplicates=drop', '--set', 'features.item=[genres]'],
    );
    expect(code).toBe(2);
    expect(stderr).toContain('so there is no descriptor to override');
    expect(stderr).toContain('Closest: "genre"');
  });
});
