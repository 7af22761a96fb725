// No exported name without an importer: what nobody asks for is not exported, or is not there at all.
import { describe, expect, it } from 'vitest';
import { ROOT } from '../cli/run-limaml.js';
import { sourceTexts, unusedExports } from './unused-exports.js';

/** Files whose exports are for other programs: package.json's `exports`, and what starts by itself. */
const DOORS = /^src\/(api\/|testing\/model-contract\.ts$)/;

/** Names that something else asks for, and none beside them. */
const ASKED_FOR: readonly string[] = [
  // Node calls them.
  'src/models/own/hooks.ts: resolve',
  'src/models/own/hooks.ts: load',
  // A registry: tests hold that every entry has its cases.
  'src/graph/ops/table.ts: RAW_OPS',
  // The compiler: the declaration of each kind names it.
  'src/prep/split-kinds/split-kind.ts: SplitKind',
];

describe('the search', () => {
  const file = (path: string, text: string) => ({ path, text });
  const from = (path: string): string => `from '${path}'`;
  const other = `./b/c${'.js'}`;
  const programs = [
    file(
      'src/a.ts',
      [
        'export const one = 1;',
        'export function two() {}',
        'export interface Three { own: Four }',
        'export interface Four {}',
        'export type Five = 5;',
        'export { x as six };',
        'export const seven = 7, eight = seven;',
        'export const nine = 9;',
      ].join('\n'),
    ),
    file('src/b/c.ts', `import { one, type Three as T } ${from('../a.js')};\nexport type Ten = T;\n`),
    file('src/b/d.ts', `const load = async () => (await import('${other.replace('/b', '')}')).Ten;\n`),
    file('src/e.ts', 'export const all = 1;\n'),
    file('src/f.ts', `import * as e ${from('./e.js')};\n`),
  ];
  const tests = [file('test/a.test.ts', `import { seven, nine } ${from('../src/a.js')};\n`)];

  it('finds names that nobody imports, that only tests know, and only those', () => {
    expect(unusedExports(programs, programs, tests)).toEqual([
      'src/a.ts: two',
      'src/a.ts: Four',
      'src/a.ts: Five',
      'src/a.ts: nine',
      'src/a.ts: six',
    ]);
  });
});

describe('exports', () => {
  it('are needed outside their file', () => {
    const programs = sourceTexts(ROOT, ['src', 'bin', 'bench']);
    const inside = programs.filter(({ path }) => !DOORS.test(path));
    expect(inside.length).toBeGreaterThan(350);
    const tests = sourceTexts(ROOT, ['test']);
    const [ofTests, others] = [true, false].map((own) =>
      inside.filter(({ path }) => path.startsWith('src/testing/') === own),
    );
    // What src/testing/ gives is for tests.
    const unused = [
      ...unusedExports(others!, programs, tests),
      ...unusedExports(ofTests!, [...programs, ...tests], []),
    ];
    expect(unused.toSorted()).toEqual(ASKED_FOR.toSorted());
  });

  it('of tests and tools are, too', () => {
    const files = sourceTexts(ROOT, ['test', 'tools/package', 'tools/site/src']);
    expect(files.length).toBeGreaterThan(300);
    const users = [...files, ...sourceTexts(ROOT, ['tools/site/.vitepress'])];
    // vitest.config.ts asks for it.
    expect(unusedExports(files, users, [])).toEqual(['test/build/longest-first.ts: LongestFirst']);
  });
});
