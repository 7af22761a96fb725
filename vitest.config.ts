import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/build/longest-first.js';

// .ci/run counts tests from a JSON report; people read the usual one.
const results = process.env['LIMAML_TEST_RESULTS'];

/** Tests that put other modules in place of ours: each gets a process of its own. All others share two, and what these have loaded. */
const MOCKING = [
  'test/cli/doctor-failed.test.ts',
  'test/prep/leaks.test.ts',
  'test/prep/reading-path.test.ts',
  'test/prep/unfinished.test.ts',
];

export default defineConfig({
  test: {
    // Compiles first, where dist/ is not what the sources give: tests start the real program.
    globalSetup: ['test/build/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'mocking', include: MOCKING } },
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: MOCKING, isolate: false },
      },
    ],
  },
});
