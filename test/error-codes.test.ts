// Every code that the program can end or warn with has been seen by a test: a guard that nobody has seen fire is no guard.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Words in capitals that are no code of ours: variables of the environment, and what Node calls its own errors. */
const OTHERS = new Set([
  'LIMAML_DATA',
  'NO_COLOR',
  'FORCE_COLOR',
  'MODULE_NOT_FOUND',
  'ERR_MODULE_NOT_FOUND',
]);

function texts(folder: string): readonly string[] {
  return (readdirSync(join(ROOT, folder), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.ts') && name !== 'error-codes.test.ts')
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));
}

/** `code: 'X'`, what a suggestion is called, and any text that looks like a code wherever it stands: in a table, or as an argument. */
function codesIn(text: string): readonly string[] {
  const named = [...text.matchAll(/\bcode: '([A-Z][A-Z0-9_]*)'/g)];
  const alike = [...text.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)];
  const suggested = [...text.matchAll(/'(?:warning|hint)',\s*'([A-Z]+)'/g)];
  return [...named, ...suggested, ...alike].map(([, code]) => code!).filter((code) => !OTHERS.has(code));
}

const codes = [...new Set(texts('src').flatMap(codesIn))].sort();
const seen = new Set(texts('test').flatMap((text) => text.match(/\b[A-Z][A-Z0-9_]+\b/g) ?? []));

it('codes are found in every form that they have in the sources', () => {
  expect(codes.length).toBeGreaterThanOrEqual(130);
  // By `code:`, in a table of system faults, as an argument of a function, as a value of a table, without an underscore.
  expect(codes).toEqual(
    expect.arrayContaining([
      'RUN_BUSY',
      'FILE_NOT_FOLDER',
      'DATASET_INCOMPLETE',
      'USAGE_MISSING_FLAG',
      'BUG',
      'LEAK',
    ]),
  );
});

it('each of them occurs in a test', () => {
  expect(codes.filter((code) => !seen.has(code))).toEqual([]);
});
