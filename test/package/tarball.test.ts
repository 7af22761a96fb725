// What is in the package, and that another program can import it: packed, unpacked into an empty folder, type-checked and run.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../cli/run-limaml.js';
import { smallProject } from '../cli/small-project.js';
import { install, LEFT_BEHIND, type Packed, pack } from './packed.js';

const run = promisify(execFile);

let packed: Packed;
beforeAll(async () => {
  packed = await pack();
});
afterAll(() => packed.remove());

describe('the package', () => {
  it('holds the program, descriptors, samples, recipes and pages, and nothing else', () => {
    const allowed = [
      /^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
      /^dist\/(bin|src)\/[\w./-]+\.(js|d\.ts)$/,
      /^datasets\/[\w.-]+\.yaml$/,
      /^datasets\/samples\//,
      /^experiments\/[\w.-]+\/(experiment\.yaml|expected\.json)$/,
      /^schemas\/\w+\.schema\.json$/,
      /^spark\/(adapt|score|prep|train|limaml_bundle)\.py$/,
      /^spark\/limaml_spark\/((prep|training)\/)?\w+\.py$/,
      /^docs\/((adding|stores)\/)?[\w-]+\.md$/,
    ];
    expect(packed.files.filter((path) => !allowed.some((pattern) => pattern.test(path)))).toEqual([]);
    for (const pattern of allowed) expect(packed.files.some((path) => pattern.test(path))).toBe(true);
    expect(packed.files.length).toBeGreaterThan(500);
  });

  it('holds nothing that working in a clone left behind', () => {
    expect(LEFT_BEHIND.filter((path) => packed.files.includes(path))).toEqual([]);
    expect(LEFT_BEHIND.length).toBeGreaterThan(10);
  });

  it('is made from an empty dist', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    await run('npm', ['run', '--silent', 'clean'], { cwd: packed.folder });
    await expect(readFile(join(packed.folder, 'dist/bin/limaml.js'))).rejects.toThrow('ENOENT');
    expect(scripts['build']).toMatch(/^npm run --silent clean && tsc .* && node -e .*chmodSync.*limaml\.js/);
    expect(scripts['package']).toMatch(/^npm run --silent build && /);
  });
});

const CONSUMER = `import { evaluate, exportRun, openBundle, prep, train, UserErrors } from 'limaml';
import { evaluationConfig } from 'limaml/evaluation';
import { constant, differentiate, mul } from 'limaml/graph';
import { MODELS } from 'limaml/models';
import { scoreRows } from 'limaml/serving';
import { modelContract } from 'limaml/testing';

const cwd: string = process.argv[2] ?? '';
const { rows } = await prep('tiny', { cwd, data: cwd });
const stages = new Set<string>();
const { run, seed } = await train('tiny', {
  cwd,
  set: { 'training.epochs': 1 },
  progress: (event) => void (event.kind === 'stage' && stages.add(event.name)),
});
const { models } = await evaluate(run, { cwd, baselines: ['widedeep'], curves: false });
const { bundle, verified } = await exportRun(run, { cwd, out: 'bundle' });
const opened = await openBundle(bundle);
const prior: Float32Array = await opened.prior();
await opened.close();
const fault: unknown = await train('tiny', { cwd, set: { 'model.inner.setps': 1 } }).catch((error) => error);
const x = constant(3);
const others = [MODELS, differentiate(mul(x, x), [x]), MODELS.flatMap((model) => modelContract(model))].map(({ length }) => length > 0);
console.log(
  JSON.stringify({
    rows,
    seed,
    trained: stages.has('train limaml'),
    models: models.map(({ model }) => model),
    verified: verified !== null,
    prior: prior.length,
    fault: fault instanceof UserErrors ? fault.errors.map(({ code }) => code) : fault,
    others: [...others, evaluationConfig.parse({}).level < 1, scoreRows.length > 0],
  }),
);
`;

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    types: ['node'],
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
  },
  files: ['consumer.ts'],
};

describe('a program that imports it', () => {
  it('is type-checked against its declarations, and runs', async () => {
    const [consumer, project] = [await install(packed), await smallProject()];
    try {
      await writeFile(join(consumer.path, 'package.json'), '{ "type": "module" }');
      await writeFile(join(consumer.path, 'consumer.ts'), CONSUMER);
      await writeFile(join(consumer.path, 'tsconfig.json'), JSON.stringify(TSCONFIG));
      const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
      // Declarations of other packages have faults of their own; ours may have none.
      const { stdout: faults } = await run(tsc, ['-p', '.'], {
        cwd: consumer.path,
        maxBuffer: 2 ** 24,
      }).catch((error: { stdout: string }) => error);
      expect(faults.split('\n').filter((line) => /^(consumer|node_modules.limaml)/.test(line))).toEqual([]);
      // The project has data of its own.
      const env = { ...process.env, LIMAML_DATA: undefined };
      const { stdout } = await run(process.execPath, ['consumer.js', project.path], {
        cwd: consumer.path,
        env,
      });
      expect(JSON.parse(stdout)).toEqual({
        rows: 800,
        seed: 1,
        trained: true,
        models: ['limaml', 'widedeep'],
        verified: true,
        prior: 4,
        fault: ['CONFIG_UNKNOWN_KEY'],
        others: [true, true, true, true, true],
      });
    } finally {
      await Promise.all([consumer.remove(), project.remove()]);
    }
  });
});
