// A copy of the whole tree in which sources may be broken, and tests run.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutant, mutate } from './mutant.js';

/** Work of its own that a checkout may hold beside what belongs to it. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'prepared', 'coverage']);

interface TestRun {
  /** By test file: how many of its tests failed. A file that could not be run at all counts as one. */
  readonly failed: ReadonlyMap<string, number>;
  readonly passed: number;
  readonly output: string;
}

export interface TreeCopy {
  /** Runs test files there; the sources are compiled first. Throws where they do not compile. */
  run(tests: readonly string[]): Promise<TestRun>;
  /** As `run`, with the mutant's fault in the sources. */
  runBroken(mutant: Mutant): Promise<TestRun>;
  remove(): void;
}

export function copyTree(root: string): TreeCopy {
  const copy = mkdtempSync(join(tmpdir(), 'limaml-mutants-'));
  for (const name of readdirSync(root))
    if (!LEFT_OUT.has(name)) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const run = (tests: readonly string[]): Promise<TestRun> => runTests(copy, tests);
  return {
    run,
    runBroken: async (mutant) => {
      const path = join(copy, mutant.file);
      const source = readFileSync(path, 'utf8');
      writeFileSync(path, mutate(source, mutant));
      try {
        return await run(mutant.tests);
      } finally {
        writeFileSync(path, source);
      }
    },
    remove: () => rmSync(copy, { recursive: true }),
  };
}

async function runTests(root: string, tests: readonly string[]): Promise<TestRun> {
  const results = join(root, 'results.json');
  rmSync(results, { force: true });
  const { LIMAML_TEST_RESULTS: _, ...env } = process.env;
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...tests], {
    cwd: root,
    env: { ...env, LIMAML_TEST_RESULTS: results, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (output.includes('the sources do not compile')) throw new Error(output);
  const { numPassedTests, testResults } = JSON.parse(readFileSync(results, 'utf8')) as {
    numPassedTests: number;
    testResults: readonly {
      name: string;
      status: string;
      assertionResults: readonly { status: string }[];
    }[];
  };
  const failed = new Map<string, number>();
  for (const { name, status, assertionResults } of testResults) {
    const count = assertionResults.filter((result) => result.status === 'failed').length;
    const path = tests.find((test) => name.endsWith(test)) ?? name;
    failed.set(path, count === 0 && status === 'failed' ? 1 : count);
  }
  return { failed, passed: numPassedTests, output };
}
