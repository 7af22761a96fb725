import { defineConfig } from 'vitest/config';

// .ci/run counts tests from a JSON report; people read the usual one.
const results = process.env['LIMAML_TEST_RESULTS'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    pool: 'forks',
    maxWorkers: 2,
  },
});
