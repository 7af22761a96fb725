// That tests cannot run yesterday's program: when a small tree is compiled, and when it is not.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildIfStale } from './fresh-build.js';

const COMPILER = {
  module: 'nodenext',
  target: 'es2022',
  lib: ['es5'],
  strict: true,
  outDir: 'dist',
  rootDir: '.',
  types: [],
};

let root: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'limaml-build-'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'tsconfig.json'), '{}');
  writeFileSync(
    join(root, 'tsconfig.build.json'),
    JSON.stringify({ compilerOptions: COMPILER, include: ['bin', 'src', 'bench'] }),
  );
  await mkdir(join(root, 'src'));
  write('src/answer.ts', 'export const answer: number = 1;\n');
  write(
    'src/print.ts',
    "declare const console: { log(x: number): void };\nimport { answer } from './answer.js';\nconsole.log(answer);\n",
  );
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
const printed = (): string =>
  execFileSync(process.execPath, [join(root, 'dist/src/print.js')], { encoding: 'utf8' }).trim();

test('compiles once, again when a source is another, whatever the dates say, and never without need', () => {
  expect(buildIfStale(root)).toBe(true);
  expect(printed()).toBe('1');
  expect(buildIfStale(root)).toBe(false);

  // As an editor's "undo", a restored copy or a switch of branch may do it: other text under an old date.
  const path = join(root, 'src/answer.ts');
  const { atime, mtime } = statSync(path);
  write('src/answer.ts', 'export const answer: number = 2;\n');
  utimesSync(path, atime, new Date(mtime.getTime() - 3_600_000));
  expect(buildIfStale(root)).toBe(true);
  expect(printed()).toBe('2');

  // An output that is not what the sources gave: half-written, or built from elsewhere.
  write('dist/src/answer.js', 'export const answer = 3;\n');
  expect(buildIfStale(root)).toBe(true);
  expect(printed()).toBe('2');

  rmSync(join(root, 'dist/src/print.js'));
  expect(buildIfStale(root)).toBe(true);
  expect(printed()).toBe('2');
  expect(buildIfStale(root)).toBe(false);
});

test('what a removed source had given goes with it', () => {
  write('src/print.ts', 'export {};\n');
  write('src/gone.ts', 'export {};\n');
  buildIfStale(root);
  expect(existsSync(join(root, 'dist/src/gone.js'))).toBe(true);
  rmSync(join(root, 'src/gone.ts'));
  expect(buildIfStale(root)).toBe(true);
  expect(existsSync(join(root, 'dist/src/gone.js'))).toBe(false);
});

test('sources that do not compile stop the tests with the compiler’s words, and stay stale', () => {
  write('src/print.ts', 'export {};\n');
  write('src/answer.ts', "export const answer: number = 'two';\n");
  expect(() => buildIfStale(root)).toThrow(/do not compile[\s\S]*answer\.ts/);
  expect(() => buildIfStale(root)).toThrow(/do not compile/);
});
