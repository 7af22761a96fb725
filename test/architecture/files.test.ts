// Rules that hold for every source file: how long it may be, what it opens with, what start-up may load.
import { describe, expect, it } from 'vitest';
import { importedPath, programs, pythons, sources, tests } from './source-files.js';

describe('sources', () => {
  it('are found', () => {
    // Floors, so that a search that finds nothing cannot pass.
    expect(sources.length).toBeGreaterThan(350);
    expect(tests.length).toBeGreaterThan(200);
    expect(pythons.length).toBeGreaterThan(70);
  });

  it('import files that exist, by their compiled names', () => {
    const known = new Set([...programs, ...tests].map(({ path }) => path));
    const wrong = [...programs, ...tests].flatMap((file) =>
      file.imports.flatMap(({ from }) => {
        const imported = importedPath(file, from);
        return imported === undefined || known.has(imported) ? [] : [`${file.path}: ${from}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('have at most 250 lines', () => {
    const long = [...programs, ...tests, ...pythons].filter(({ text }) => text.split('\n').length - 1 > 250);
    // A bundle carries it alone, so it is one file.
    expect(long.map(({ path }) => path)).toEqual(['spark/limaml_bundle.py']);
  });

  it('open with one line on their purpose', () => {
    const silent = [...programs, ...tests].filter(({ text }) => !/^(#!.*\n)?\/\/ \S.{10,}/.test(text));
    expect(silent.map(({ path }) => path)).toEqual([]);
    expect(pythons.filter(({ text }) => !/^""".{10,}/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('are named in kebab-case for what they hold', () => {
    const odd = [...programs, ...tests].filter(
      ({ path }) =>
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(path.split('/').at(-1)!) ||
        /\/(utils|helpers|index|misc)\.ts$/.test(path),
    );
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it('name no path of a machine and no registry', () => {
    const forbidden =
      /(["'`\s(])(\/(home|Users|work|root|mnt|opt)\/|[A-Z]:\\\\Users)|registry\.npmjs\.org|\.internal\b/;
    const wrong = [...programs, ...tests, ...pythons].filter(
      ({ path, text }) => path !== 'test/architecture/files.test.ts' && forbidden.test(text),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('catch nothing in silence', () => {
    const empty = programs.filter(({ text }) => /catch\s*(\([^)]*\))?\s*\{\s*\}/.test(text));
    expect(empty.map(({ path }) => path)).toEqual([]);
  });
});

describe('start-up', () => {
  it('loads only the command line and commander until a command runs', () => {
    const byPath = new Map(programs.map((file) => [file.path, file]));
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      const file = byPath.get(path)!;
      for (const { from, lazy, typeOnly } of file.imports) {
        if (lazy || typeOnly) continue;
        const imported = importedPath(file, from);
        if (imported === undefined) packages.add(from);
        else visit(imported);
      }
    };
    // What bin/limaml.ts loads, whatever the command.
    visit('src/cli/main.ts');
    visit('src/cli/process.ts');
    expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual(['commander']);
    // The lists of backends and devices, which name what is loaded later.
    const light = /^(bin|src\/cli|src\/[^/]+$|src\/runtime\/(backends|executor)\.ts)/;
    expect([...seen].filter((path) => !light.test(path))).toEqual([]);
    expect(seen.size).toBeGreaterThan(15);
  });
});
