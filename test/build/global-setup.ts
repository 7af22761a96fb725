// Before any test: a dist/ that is what the sources say, for the tests that start the program and for its worker threads.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { buildIfStale } from './fresh-build.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export default function setup(project: TestProject): void {
  buildIfStale(ROOT);
  // Under --watch, too.
  project.onTestsRerun(() => {
    buildIfStale(ROOT);
  });
}
