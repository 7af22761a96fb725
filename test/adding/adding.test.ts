// Every page of docs/adding/ followed to the letter, in a copy of this tree: what it promises holds.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordBuild } from '../build/fresh-build.js';
import { ROOT } from '../cli/run-limaml.js';
import { changed, type Step, stepsOf } from './page.js';

const run = promisify(execFile);

/** What each page costs: files of the program made and changed, then those of the tests. */
const COSTS: Readonly<Record<string, readonly [made: number, changed: number, tests: number]>> = {
  'backend.md': [1, 1, 0],
  'command.md': [1, 1, 1],
  'dataset.md': [0, 0, 0],
  'model.md': [1, 1, 0],
  'optimizer.md': [1, 2, 1],
  'metric.md': [1, 1, 1],
  'op.md': [1, 2, 1],
  'split.md': [1, 1, 1],
  'store.md': [1, 1, 1],
};

const pages = new Map<string, readonly Step[]>();
let copy = '';

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'limaml-adding-'));
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    maxBuffer: 2 ** 24,
  });
  for (const path of stdout.split('\0'))
    if (path !== '' && path !== 'node_modules') await cp(join(ROOT, path), join(copy, path));
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const folder = join(copy, 'docs', 'adding');
  for (const name of (await readdir(folder)).sort()) {
    const steps = stepsOf(await readFile(join(folder, name), 'utf8'));
    pages.set(name, steps);
    for (const step of steps) await follow(step);
  }
});
afterAll(() => rm(copy, { recursive: true }));

async function follow(step: Step): Promise<void> {
  if (step.kind === 'run') return;
  const path = join(copy, step.file);
  if (step.kind === 'make') {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, step.text, { flag: 'wx' });
    return;
  }
  const text = await readFile(path, 'utf8');
  await writeFile(path, step.hunks.reduce(changed, text));
}

/** Runs a command to its good end, and gives what it printed. npx and npm may not reach out. */
async function done(command: string): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const env = {
    PATH: [join(copy, 'node_modules', '.bin'), PATH].join(delimiter),
    HOME,
    npm_config_offline: 'true',
    NO_COLOR: '1',
  };
  return run('bash', ['-c', command], { cwd: copy, env, maxBuffer: 2 ** 26 }).then(
    ({ stdout }) => stdout,
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => {
      throw new Error(`${command}: exit code ${code}\n${`${stdout}${stderr}`.slice(-6000)}`);
    },
  );
}

/** Whole test files, to be recorded or not, and some tests of files by name: those of all pages are run at once. */
const TESTS = /^(LIMAML_WRITE_FIXTURES=1 )?npx vitest run (?!.* -)(.+)$/;
const SOME_TESTS = /^npx vitest run (.+) -t "?([^"]+)"?$/;
const BUILD = 'npm run --silent build';
const commandsOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) => (step.kind === 'run' ? [step.command] : []));

describe('the pages', () => {
  it('are all followed, and cost what they say', () => {
    const costs = [...pages].map(([name, steps]) => {
      const files = (kind: Step['kind'], folder: string): number =>
        new Set(
          steps
            .flatMap((step) => (step.kind === kind && 'file' in step ? [step.file] : []))
            .filter((file) => file.startsWith(folder)),
        ).size;
      const [src, tests] = ['src/', 'test/'];
      return [
        name,
        [files('make', src), files('change', src), files('make', tests) + files('change', tests)],
      ];
    });
    expect(Object.fromEntries(costs)).toEqual(COSTS);
    for (const steps of pages.values()) expect(commandsOf(steps).length).toBeGreaterThan(0);
  });

  it('give sources that type-check, in the project’s own form', async () => {
    const touched = [...pages.values()]
      .flat()
      .flatMap((step) => ('file' in step && step.file.endsWith('.ts') ? [step.file] : []));
    // With what `npm run build` would write: every page's build, from the compilation that also reads the tests.
    expect(
      await done('npm run --silent clean && tsc --noEmit false --outDir dist --rootDir . --declaration'),
    ).toBe('');
    await rm(join(copy, 'dist', 'test'), { recursive: true });
    recordBuild(copy);
    await done(`biome check --error-on-warnings --vcs-enabled=false ${touched.join(' ')}`);
  });

  it('have commands that end well', async () => {
    const commands = new Set(
      [...pages.values()]
        .flatMap(commandsOf)
        .filter((command) => !TESTS.test(command) && !SOME_TESTS.test(command)),
    );
    // Compiled above, once for all pages.
    expect(commands.delete(BUILD)).toBe(true);
    for (const command of commands) await done(command);
    expect(commands.size).toBeGreaterThan(4);
  }, 600_000);

  it('name tests by their names, that are there and pass', async () => {
    const some = [...pages.values()].flatMap(commandsOf).flatMap((command) => {
      const [, files, pattern] = SOME_TESTS.exec(command) ?? [];
      return files === undefined ? [] : [{ files: files.split(' '), pattern: pattern! }];
    });
    expect(some.length).toBeGreaterThanOrEqual(2);
    const files = [...new Set(some.flatMap((one) => one.files))];
    const pattern = some.map((one) => `(${one.pattern})`).join('|');
    const said = await done(`vitest run ${files.join(' ')} -t "${pattern}" --reporter=json`);
    const { testResults } = JSON.parse(said) as {
      testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
    };
    for (const { files: named, pattern: wanted } of some)
      for (const file of named) {
        const { assertionResults = [] } = testResults.find(({ name }) => name.endsWith(file)) ?? {};
        const passed = assertionResults.filter(
          ({ fullName, status }) => status === 'passed' && new RegExp(wanted).test(fullName),
        );
        expect([file, wanted, passed.length > 0]).toEqual([file, wanted, true]);
      }
  }, 600_000);

  it('name tests that pass, or record, and leave the rules of the house kept', async () => {
    const named = (records: boolean): readonly string[] =>
      [...pages.values()].flatMap(commandsOf).flatMap((command) => {
        const [, recording, files] = TESTS.exec(command) ?? [];
        return files !== undefined && records === (recording !== undefined) ? files.split(' ') : [];
      });
    const plain = [
      ...named(false),
      'test/architecture/files.test.ts',
      'test/architecture/rooms.test.ts',
      'test/config/shipped-recipes.test.ts',
    ];
    expect(named(true).length).toBeGreaterThanOrEqual(2);
    expect(plain.length).toBeGreaterThanOrEqual(4);
    // One run for both, so none that is to pass may be one that records.
    for (const file of plain)
      expect(await readFile(join(copy, file), 'utf8')).not.toContain('LIMAML_WRITE_FIXTURES');
    const all = [...new Set([...named(true), ...plain])];
    expect(await done(`LIMAML_WRITE_FIXTURES=1 vitest run ${all.join(' ')}`)).toContain(
      `Test Files  ${all.length} passed`,
    );
  }, 600_000);
});
