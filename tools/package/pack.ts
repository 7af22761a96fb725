// The package as people get it: with ONNX Runtime's own files inside and without its install script, which downloads what is not needed.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Root of the clone, seen from dist/tools/package. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ENGINE = 'onnxruntime-node';
/** What of the engine's package runs; the rest is its install script and what that needs. */
const ENGINE_PARTS = ['bin', 'dist', 'lib', 'package.json', 'README.md'];

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
  [key: string]: unknown;
}

const read = (file: string): Manifest => JSON.parse(readFileSync(file, 'utf8')) as Manifest;
const write = (file: string, manifest: Manifest): void =>
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);

/** Packs `folder` into `into`, whatever scripts it has, and gives the name of the file. */
function npmPack(folder: string, into: string): string {
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', into];
  const said = execFileSync('npm', words, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return (JSON.parse(said) as readonly { readonly filename: string }[])[0]!.filename;
}

/**
 * Writes the package to `out`, for the named platforms (`linux/x64`; all that the engine has, where none is named), and gives its path.
 * @throws Error for a platform that the engine has no files for
 */
function packWithEngine(out: string, platforms: readonly string[]): string {
  const stage = mkdtempSync(join(tmpdir(), 'limaml-package-'));
  try {
    execFileSync('tar', ['-xzf', join(stage, npmPack(ROOT, stage)), '-C', stage]);
    const folder = join(stage, 'package');
    const modules = join(folder, 'node_modules');
    const engine = join(modules, ENGINE);
    for (const part of ENGINE_PARTS)
      cpSync(join(ROOT, 'node_modules', ENGINE, part), join(engine, part), { recursive: true });
    keepPlatforms(join(engine, 'bin'), platforms);

    const {
      scripts: _scripts,
      devDependencies: _development,
      dependencies: { 'onnxruntime-common': common },
      ...rest
    } = read(join(engine, 'package.json'));
    write(join(engine, 'package.json'), {
      ...rest,
      dependencies: { 'onnxruntime-common': common! },
    } as Manifest);
    cpSync(join(ROOT, 'node_modules/onnxruntime-common'), join(modules, 'onnxruntime-common'), {
      recursive: true,
      dereference: true,
    });
    for (const name of [ENGINE, 'onnxruntime-common'])
      cpSync(join(ROOT, 'tools/package/ONNXRUNTIME-LICENSE'), join(modules, name, 'LICENSE'));

    const {
      devDependencies: _ours,
      workspaces: _workspaces,
      scripts: _own,
      ...manifest
    } = read(join(folder, 'package.json'));
    write(join(folder, 'package.json'), {
      ...manifest,
      dependencies: { ...manifest.dependencies, [ENGINE]: rest.version },
      bundleDependencies: [ENGINE],
    } as Manifest);
    return join(out, npmPack(folder, out));
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** Removes files of other platforms from `bin/napi-v6/<system>/<processor>`. */
function keepPlatforms(bin: string, platforms: readonly string[]): void {
  const found = readdirSync(bin).flatMap((napi) =>
    readdirSync(join(bin, napi)).flatMap((system) =>
      readdirSync(join(bin, napi, system)).map((processor) => ({ napi, system, processor })),
    ),
  );
  const unknown = platforms.filter(
    (name) => !found.some(({ system, processor }) => name === `${system}/${processor}`),
  );
  if (found.length === 0 || unknown.length > 0)
    throw new Error(
      `${ENGINE} has no files for ${unknown.join(', ')}; it has ${found.map(({ system, processor }) => `${system}/${processor}`).join(', ')}`,
    );
  for (const { napi, system, processor } of found)
    if (platforms.length > 0 && !platforms.includes(`${system}/${processor}`))
      rmSync(join(bin, napi, system, processor), { recursive: true });
}

const { values } = parseArgs({
  options: {
    platform: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: '.' },
  },
});
const path = packWithEngine(resolve(values.out), values.platform);
process.stdout.write(`${path}  ${(statSync(path).size / 1e6).toFixed(1)} MB\n`);
