// Rules that hold for every source file: who may import whom, how long a file may be, what it opens with.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** From the ground up: lower may not import higher. Files in src/ itself are the base. */
const LAYERS = [
  'base',
  'graph',
  'runtime',
  'database',
  'prepared',
  'synthetic',
  'prep',
  'onboard',
  'models',
  'engine',
  'scoring',
  'training',
  'evaluation',
  'bundle',
  'serving',
  'export',
  'testing',
  'config',
  'runs',
  'exchange',
  'doctor',
  'workflows',
  'report',
  'cli',
  'api',
] as const;

/** Not yet in order. */
const STILL_UPWARD = new Set([
  'bundle → export',
  'bundle → serving',
  'database → prep',
  'onboard → cli',
  'prep → onboard',
  'prepared → prep',
  'serving → export',
  'synthetic → prep',
]);

/** Packages that only these layers may touch. */
const GUARDED: Readonly<Record<string, readonly string[]>> = {
  commander: ['cli'],
  chalk: ['cli'],
  'cli-table3': ['cli'],
};

interface SourceFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Specifiers of static and dynamic imports. */
  readonly imports: readonly { readonly from: string; readonly lazy: boolean; readonly typeOnly: boolean }[];
}

function filesIn(folder: string): readonly SourceFile[] {
  return (readdirSync(join(ROOT, folder), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(`${folder}/${name.replaceAll('\\', '/')}`));
}

function read(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const statics = [...text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s)?'([^']+)';/gms)];
  const lazies = [...text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)];
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
function target(file: SourceFile, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined;
  return relative(ROOT, resolve(ROOT, dirname(file.path), from.replace(/\.js$/, '.ts'))).replaceAll(
    '\\',
    '/',
  );
}

function layerOf(path: string): string {
  const [, second, third] = path.split('/');
  return third === undefined ? 'base' : second!;
}

const sources = filesIn('src');
const programs = [...sources, ...filesIn('bin'), ...filesIn('bench')];
const tests = filesIn('test');

describe('sources', () => {
  it('are found, in every layer that there is', () => {
    // Floors, so that a search that finds nothing cannot pass.
    expect(sources.length).toBeGreaterThan(150);
    expect(tests.length).toBeGreaterThan(25);
    const layers = new Set(sources.map(({ path }) => layerOf(path)));
    expect([...layers].filter((layer) => !(LAYERS as readonly string[]).includes(layer))).toEqual([]);
    expect(layers.size).toBeGreaterThan(20);
  });

  it('import only from their own layer or lower ones', () => {
    let checked = 0;
    const wrong = sources.flatMap((file) =>
      file.imports.flatMap(({ from }) => {
        const imported = target(file, from);
        if (imported === undefined) return [];
        checked++;
        const own = LAYERS.indexOf(layerOf(file.path) as (typeof LAYERS)[number]);
        const other = LAYERS.indexOf(layerOf(imported) as (typeof LAYERS)[number]);
        if (imported.startsWith('src/') && other <= own) return [];
        const pair = `${layerOf(file.path)} → ${layerOf(imported)}`;
        return STILL_UPWARD.has(pair) ? [] : [`${file.path} imports ${imported}`];
      }),
    );
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(400);
  });

  it('touch the terminal libraries in the command line only', () => {
    const users = sources.flatMap((file) =>
      file.imports.flatMap(({ from }) => {
        const allowed = GUARDED[from];
        return allowed === undefined
          ? []
          : [{ from, file: file.path, right: allowed.includes(layerOf(file.path)) }];
      }),
    );
    expect(users.filter(({ right }) => !right)).toEqual([]);
    expect(new Set(users.map(({ from }) => from))).toEqual(new Set(Object.keys(GUARDED)));
  });

  it('import files that exist, by their compiled names', () => {
    const known = new Set([...programs, ...tests].map(({ path }) => path));
    const wrong = [...programs, ...tests].flatMap((file) =>
      file.imports.flatMap(({ from }) => {
        const imported = target(file, from);
        return imported === undefined || known.has(imported) ? [] : [`${file.path}: ${from}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('have at most 250 lines', () => {
    const long = [...programs, ...tests].map(({ path, text }) => ({
      path,
      lines: text.split('\n').length - 1,
    }));
    expect(long.filter(({ lines }) => lines > 250)).toEqual([]);
  });

  it('open with one line on their purpose', () => {
    const silent = [...programs, ...tests].filter(({ text }) => !/^(#!.*\n)?\/\/ \S.{10,}/.test(text));
    expect(silent.map(({ path }) => path)).toEqual([]);
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
    const wrong = [...programs, ...tests].filter(
      ({ path, text }) => path !== 'test/architecture.test.ts' && forbidden.test(text),
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
        const imported = target(file, from);
        if (imported === undefined) packages.add(from);
        else visit(imported);
      }
    };
    visit('bin/limaml.ts');
    expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual(['commander']);
    // The lists of backends and devices, which name what is loaded later.
    const light = /^(bin|src\/cli|src\/[^/]+$|src\/runtime\/(backends|executor)\.ts)/;
    expect([...seen].filter((path) => !light.test(path))).toEqual([]);
    expect(seen.size).toBeGreaterThan(15);
  });
});
