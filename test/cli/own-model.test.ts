// A model of one's own, in a file beside the recipe: trained, evaluated, exported and scored by the compiled program.
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashBytes } from '../../src/hash.js';
import { runBuilt } from './in-process.js';
import { FILE, recipe, source } from './own-model-project.js';
import type { Outcome } from './run-limaml.js';
import { type Project, smallProject } from './small-project.js';

let project: Project;
const run = (args: readonly string[], stdin?: string): Promise<Outcome> =>
  runBuilt(args, { cwd: project.path, ...(stdin === undefined ? {} : { stdin }) });

async function json<T>(args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await run([...args, '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as T;
}

beforeAll(async () => {
  project = await smallProject();
  await project.write('experiments/tiny/experiment.yaml', recipe('{ from: ./my-model.js, batchRows: 32 }'));
  await project.write(FILE, source());
});
afterAll(() => project.remove());

describe("a model of one's own", () => {
  let trained: { run: string; path: string; model: string };
  const sha256 = (): string => hashBytes(readFileSync(join(project.path, FILE)));

  it('is trained, its file kept in the run and named by its hash', async () => {
    trained = await json(['train', 'tiny', '--data', 'raw']);
    expect(trained.model).toBe('straight');
    const config = JSON.parse(readFileSync(join(trained.path, 'config.json'), 'utf8')) as {
      recipe: { model: Record<string, unknown> };
      origins: Record<string, string>;
    };
    expect(config.recipe.model).toMatchObject({
      name: 'straight',
      from: './my-model.js',
      sha256: sha256(),
      batchRows: 32,
    });
    expect(config.origins['model.sha256']).toBe('the file ./my-model.js');
    expect(config.origins['model.optimizer.learningRate']).toBe('default');
    expect(hashBytes(readFileSync(join(trained.path, 'models', 'straight.mjs')))).toBe(sha256());
    const done = JSON.parse(readFileSync(join(trained.path, 'DONE'), 'utf8')) as { files: object };
    expect(Object.keys(done.files)).toContain('models/straight.mjs');
  });

  it('is evaluated beside a model of limaml, exported, verified and scored', async () => {
    const evaluated = await json<{ models: { model: string }[] }>(['eval', 'latest', '--baseline', 'deep']);
    expect(evaluated.models.map(({ model }) => model)).toEqual(['straight', 'deep']);
    const exported = await json<{ verified: { maxAbsError: number } }>([
      'export',
      trained.run,
      '--out',
      'bundle',
      '--verify',
    ]);
    expect(exported.verified.maxAbsError).toBeLessThan(1e-6);
    const scored = await run(
      ['score', '--bundle', 'bundle', '--lookup', '--quiet'],
      'member,film\nm1,f2\nm2,f3\n',
    );
    expect(scored).toMatchObject({ code: 0, stderr: '' });
    expect(scored.stdout.trim().split('\n')).toHaveLength(3);
  });

  it('can be a baseline, trained for a run of another model', async () => {
    const both = recipe('{ name: deep, hidden: [8], embedding: { size: 4 } }').replace(
      /baselines: .*/,
      'baselines: { straight: { from: ./my-model.js, batchRows: 32 } }',
    );
    await project.write('experiments/tiny/both.yaml', both);
    const deep = await json<{ run: string }>(['train', 'experiments/tiny/both.yaml', '--data', 'raw']);
    const evaluated = await json<{ models: { model: string; run: string }[] }>([
      'eval',
      deep.run,
      '--baseline',
      'straight',
    ]);
    expect(evaluated.models.map(({ model }) => model)).toEqual(['deep', 'straight']);
    // The same file, options, data and seed: the run that was trained first stands for it.
    expect(evaluated.models[1]!.run).toBe(trained.run);
  });

  it('is another model when its file has changed, and the run says so and keeps to its copy', async () => {
    const before = await json<{ models: { metrics: object }[] }>(['eval', trained.run]);
    await project.write(FILE, source('\n      // Changed.'));
    const { code, stdout, stderr } = await run(['eval', trained.run, '--json']);
    expect(code).toBe(0);
    expect(stderr).toContain(`./my-model.js has changed since run ${trained.run} was trained with it`);
    expect(JSON.parse(stdout)).toMatchObject({ models: [{ run: trained.run }] });
    expect((JSON.parse(stdout) as typeof before).models).toEqual(before.models);
    const exported = await run(['export', trained.run, '--out', 'bundle', '--json']);
    expect(exported).toMatchObject({ code: 0 });
    expect(exported.stderr).toContain('./my-model.js has changed');
    const resumed = await run(['train', 'tiny', '--data', 'raw', '--resume']);
    expect(resumed).toMatchObject({ code: 2 });
    expect(resumed.stderr).toContain('RUN_NOTHING_TO_RESUME');
    const pinned = recipe(`{ from: ./my-model.js, sha256: ${'0'.repeat(64)} }`);
    await project.write('experiments/tiny/pinned.yaml', pinned);
    const refused = await run(['validate', 'experiments/tiny/pinned.yaml']);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toMatch(
      /^error MODEL_FILE_CHANGED {2}experiments\/tiny\/pinned\.yaml:3:\d+ › model\.sha256/,
    );
  });

  it('is refused where the copy in the run is not what the run was trained with', async () => {
    copyFileSync(join(project.path, FILE), join(trained.path, 'models', 'straight.mjs'));
    for (const command of [
      ['eval', trained.run],
      ['export', trained.run, '--out', 'other'],
    ]) {
      const { code, stderr } = await run(command);
      expect({ code, stderr }).toMatchObject({ code: 2 });
      expect(stderr).toMatch(/error RUN_DAMAGED {2}.*straight\.mjs/);
    }
    expect(readdirSync(project.path)).not.toContain('other');
  });
});
