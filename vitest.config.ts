import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/build/longest-first.js';
import { mockingTests } from './test/build/mocking-tests.js';

// .ci/run counts tests from a JSON report; people read the usual one.
const results = process.env['LIMAML_TEST_RESULTS'];

/** Each gets a process of its own. All others share two, and what these have loaded. */
const mocking = mockingTests(import.meta.dirname);

/** Most functions are done with before compiling them well pays: Node.js 20 starts on it early, later ones wait by themselves. */
const patient = process.versions.node.startsWith('20.') ? ['--interrupt-budget=1000000'] : [];

export default defineConfig({
  test: {
    // Compiles first, where dist/ is not what the sources give: tests start the real program.
    globalSetup: ['test/build/global-setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    pool: 'forks',
    maxWorkers: 2,
    execArgv: patient,
    // The compiled program is loaded as it is.
    server: { deps: { external: [/\/dist\/(?:bin|src|bench)\//] } },
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'mocking', include: mocking } },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: mocking,
          isolate: false,
          setupFiles: ['test/build/shared-sessions.ts'],
        },
      },
    ],
  },
});
