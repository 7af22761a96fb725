// `npm run mutants`: not part of the ordinary run, since every mutant is a run of tests of its own.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/mutants/run-mutants.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    pool: 'forks',
    maxWorkers: 1,
  },
});
