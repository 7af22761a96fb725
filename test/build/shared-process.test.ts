// What test files that share a process must keep to.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { filesOfTests, mockingTests } from './mocking-tests.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

it('those that mock modules are found, each to get a process of its own', () => {
  const mocking = mockingTests(ROOT);
  expect(mocking).toContain('test/cli/doctor-failed.test.ts');
  expect(mocking.length).toBeLessThan(filesOfTests(ROOT, '.test.ts').length / 10);
});

it('what they import registers no hooks: it is loaded once, and only its first importer would get them', () => {
  const tests = new Set([...filesOfTests(ROOT, '.test.ts'), 'test/mutants/run-mutants.ts']);
  const shared = filesOfTests(ROOT, '.ts').filter((path) => !tests.has(path));
  expect(shared.length).toBeGreaterThan(50);
  const hooking = shared.filter((path) =>
    /^(?:before|after)(?:Each|All)\(/m.test(readFileSync(join(ROOT, path), 'utf8')),
  );
  expect(hooking).toEqual([]);
});
