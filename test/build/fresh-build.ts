// Compiles the program where dist/ is not exactly what the sources give: tests that start it must never run yesterday's.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const SOURCES = ['bin', 'src', 'bench', 'tools/package'];
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json'];
/** What was compiled from what; not in dist/, whose files say which program a run was made with. */
const STAMP = join('.limaml', 'build.json');

/**
 * Compiles `root` unless its dist/ is what its sources gave the last time, judged by the bytes of both, not by clocks:
 * a file put back with its old date counts as changed. Outputs whose source is gone are removed.
 * @returns whether it compiled
 * @throws Error with the compiler's words where the sources do not compile
 */
export function buildIfStale(root: string): boolean {
  const stamp = join(root, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === present(root)) return false;
  removeOrphans(root);
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  const result = spawnSync(
    process.execPath,
    [join(dirname(compiler), 'bin', 'tsc'), '-p', join(root, 'tsconfig.build.json')],
    { cwd: root, encoding: 'utf8' },
  );
  if (result.status !== 0)
    throw new Error(`the sources do not compile:\n${result.stdout}${result.stderr}${result.error ?? ''}`);
  recordBuild(root);
  return true;
}

/** Remembers that dist/ is what the sources give: to be called right after a compilation from an empty one. */
export function recordBuild(root: string): void {
  const stamp = join(root, STAMP);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, present(root));
}

function present(root: string): string {
  const sources = SOURCES.flatMap((folder) => filesUnder(root, folder)).filter((path) =>
    path.endsWith('.ts'),
  );
  return JSON.stringify({
    compiler: createRequire(import.meta.url)('typescript/package.json').version,
    sources: hashOf(root, [...SETTINGS, ...sources]),
    outputs: hashOf(root, outputsOf(root)),
  });
}

function outputsOf(root: string): readonly string[] {
  return filesUnder(root, 'dist').filter((path) => /\.(?:js|d\.ts)$/.test(path));
}

function removeOrphans(root: string): void {
  for (const path of outputsOf(root)) {
    const source = path.replace(/^dist[\\/]/, '').replace(/\.(?:js|d\.ts)$/, '.ts');
    if (!existsSync(join(root, source))) rmSync(join(root, path));
  }
}

function filesUnder(root: string, folder: string): readonly string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

function hashOf(root: string, paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}
