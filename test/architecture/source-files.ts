// The project's own source files as the architecture tests see them: paths, texts and imports.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

interface Import {
  /** Specifier as written. */
  readonly from: string;
  /** By `import(…)`. */
  readonly lazy: boolean;
  readonly typeOnly: boolean;
}

interface SourceFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const filesIn = (folder: string): readonly SourceFile[] => pathsIn(folder, '.ts').map(read);

/** Paths below a folder, relative to the root, of all files that end so. */
function pathsIn(folder: string, end: string): readonly string[] {
  return (readdirSync(join(ROOT, folder), { recursive: true }) as string[])
    .filter((name) => name.endsWith(end))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

function read(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  // Examples in comments import nothing.
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
  const statics = [...code.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s)?'([^']+)';/gms)];
  const lazies = [...code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)];
  return {
    path,
    text,
    imports: [
      ...statics.map(([, type, from]) => ({ from: from!, lazy: false, typeOnly: type !== undefined })),
      ...lazies.map(([, from]) => ({ from: from!, lazy: true, typeOnly: false })),
    ],
  };
}

/** Path of an imported file of ours, relative to the root; undefined for a package. */
export function importedPath(file: SourceFile, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined;
  const path = relative(ROOT, resolve(ROOT, dirname(file.path), from.replace(/\.js$/, '.ts')));
  return path.replaceAll('\\', '/');
}

/** Name of the package that a specifier means: `csv-parse` of `csv-parse/sync`. */
export const packageName = (from: string): string =>
  from.startsWith('@') ? from.split('/', 2).join('/') : from.split('/', 1)[0]!;

/** The room of a file in src: its folder to a depth of two, or `base` for files in src itself. */
export function roomOf(path: string): string {
  const folders = path.split('/').slice(1, -1).slice(0, 2);
  return folders.length === 0 ? 'base' : folders.join('/');
}

export const sources = filesIn('src');
export const programs = [
  ...sources,
  ...filesIn('bin'),
  ...filesIn('bench'),
  ...filesIn('tools/package'),
  ...filesIn('tools/site/src'),
];
export const tests = filesIn('test');

/** Programs in Python: peers of benchmarks, scripts for Spark, what records fixtures. */
export const pythons = ['bench', 'spark', 'test/fixtures/make']
  .flatMap((folder) => pathsIn(folder, '.py'))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
