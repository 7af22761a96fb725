// What opening lines claim: no two files hold the same, and "only here" is true.
import { describe, expect, it } from 'vitest';
import { sources } from './source-files.js';

const opening = (text: string): string => text.slice(0, text.indexOf('\n'));
const importers = (name: string): readonly string[] =>
  sources.filter(({ imports }) => imports.some(({ from }) => from === name)).map(({ path }) => path);

describe('opening lines', () => {
  it('are each one file’s own', () => {
    const lines = sources.map(({ text }) => opening(text));
    expect(lines.filter((line, i) => lines.indexOf(line) !== i)).toEqual([]);
    expect(lines.length).toBeGreaterThan(400);
  });

  it('claim of what is only here what the imports say', () => {
    expect(importers('commander').toSorted()).toEqual([
      'src/cli/failure/usage-error.ts',
      'src/cli/program.ts',
    ]);
    expect(importers('@duckdb/node-api').filter((path) => !path.startsWith('src/database/'))).toEqual([]);
    // Quoting for SQL: doubling of quotes.
    const quoting = sources.filter(({ text }) => /replaceAll\(\s*(["'`])'\1,\s*(["'`])''\2/.test(text));
    expect(quoting.map(({ path }) => path)).toEqual(['src/database/sql.ts']);
  });
});
