import { defineConfig } from 'vitest/config';

// .ci/run counts tests from a JSON report; people read the usual one.
const results = process.env['LIMAML_TEST_RESULTS'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Compiles first, where dist/ is not what the sources give: tests start the real program.
    globalSetup: ['test/build/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    pool: 'forks',
    maxWorkers: 2,
  },
});
