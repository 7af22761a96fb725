// Every page of docs/adding/ followed to the letter, in a copy of this tree: what it promises holds.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
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
  const tree = "git ls-files -z --cached --others --exclude-standard -- ':!node_modules'";
  await run('bash', ['-o', 'pipefail', '-c', `${tree} | tar -c --null -T - | tar -x -C ${copy}`], {
    cwd: ROOT,
  });
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

/** Runs test files, of some only the tests that fit a pattern: `vitest run` has one pattern for all files. */
const NESTED_RUN = `
import { createVitest } from 'vitest/node';
const [wanted, outputFile] = process.argv.slice(2);
const patterns = Object.entries(JSON.parse(wanted));
const vitest = await createVitest('test', { watch: false, maxWorkers: 1, reporters: ['default', ['json', { outputFile }]] });
await vitest.standalone();
const files = await vitest.globTestSpecifications(patterns.map(([file]) => file));
await vitest.runTestSpecifications(
  files.map(({ project, moduleId }) => {
    const [, pattern] = patterns.find(([file]) => moduleId.endsWith(file));
    return project.createSpecification(moduleId, pattern === null ? {} : { testNamePattern: new RegExp(pattern) });
  }),
);
await vitest.close();
`;

interface TestResults {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

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
    expect(await done('tsc --noEmit false --outDir dist --rootDir . --declaration')).toBe('');
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
    // npx finds the program of this tree: seen once.
    let seen = false;
    for (const command of commands) {
      const direct = seen ? command.replace(/^npx limaml /, 'node dist/bin/limaml.js ') : command;
      seen ||= command.startsWith('npx limaml ');
      await done(direct);
    }
    expect(seen).toBe(true);
    expect(commands.size).toBeGreaterThan(4);
  }, 600_000);

  it('name tests that pass, or record, and leave the rules of the house kept', async () => {
    const all = [...pages.values()].flatMap(commandsOf);
    const named = (records: boolean): readonly string[] =>
      all.flatMap((command) => {
        const [, recording, files] = TESTS.exec(command) ?? [];
        return files !== undefined && records === (recording !== undefined) ? files.split(' ') : [];
      });
    const some = all.flatMap((command) => {
      const [, files, pattern] = SOME_TESTS.exec(command) ?? [];
      return files === undefined ? [] : files.split(' ').map((file) => ({ file, pattern: pattern! }));
    });
    const plain = [...named(false), 'test/architecture/files.test.ts', 'test/architecture/rooms.test.ts'];
    expect(named(true).length).toBeGreaterThanOrEqual(2);
    expect(plain.length).toBeGreaterThanOrEqual(4);
    expect(new Set(some.map(({ pattern }) => pattern)).size).toBeGreaterThanOrEqual(2);
    // One run for all, so none that is to pass may be one that records.
    for (const file of [...plain, ...some.map((one) => one.file)])
      expect(await readFile(join(copy, file), 'utf8')).not.toContain('LIMAML_WRITE_FIXTURES');
    const whole = [...named(true), ...plain];
    const patterns = new Map<string, string | null>(whole.map((file) => [file, null]));
    for (const { file, pattern } of some) {
      const known = patterns.get(file);
      if (known !== null) patterns.set(file, known === undefined ? `(${pattern})` : `${known}|(${pattern})`);
    }
    await writeFile(join(copy, 'nested-run.mjs'), NESTED_RUN);
    const wanted = JSON.stringify(Object.fromEntries(patterns));
    await done(`LIMAML_WRITE_FIXTURES=1 node nested-run.mjs '${wanted}' results.json`);
    const { testResults } = JSON.parse(await readFile(join(copy, 'results.json'), 'utf8')) as TestResults;
    const passed = (named: string): readonly string[] => {
      const { assertionResults, ...file } = testResults.find(({ name }) => name.endsWith(named))!;
      expect([named, file.status]).toEqual([named, 'passed']);
      return assertionResults.flatMap((one) => (one.status === 'passed' ? [one.fullName] : []));
    };
    for (const file of whole) expect([file, passed(file).length > 0]).toEqual([file, true]);
    for (const { file, pattern } of some) {
      const fitting = passed(file).filter((name) => new RegExp(pattern).test(name));
      expect([file, pattern, fitting.length > 0]).toEqual([file, pattern, true]);
    }
  }, 600_000);
});
