// What a run is made with, gathered when it begins: program, packages, machine, data.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionConfig } from '../engine/execution-config.js';
import { hashBytes, hashFile } from '../hash.js';
import { packageRoot, packageVersion } from '../package-root.js';
import { loadExecutor } from '../runtime/backends.js';
import { gitState } from './git.js';
import type { Provenance } from './provenance.js';

interface ProvenanceRequest {
  readonly startedAt: Date;
  readonly command: readonly string[];
  readonly recipe: Provenance['recipe'];
  /** A folder of the user's project, to ask git about. */
  readonly folder: string;
  readonly execution: ExecutionConfig;
  readonly dataset: { readonly name: string; readonly hash: string };
  readonly seed: number;
}

/** Gathers the record; reads files and asks git, changes nothing. */
export async function gatherProvenance(request: ProvenanceRequest): Promise<Provenance> {
  const { startedAt, command, recipe, execution, dataset, seed } = request;
  const { name, version } = await loadExecutor(execution.backend);
  const processors = cpus();
  return {
    startedAt: startedAt.toISOString(),
    command: [...command],
    limaml: { version: packageVersion(), code: codeDigest() },
    git: await gitState(existing(request.folder)),
    lockfile: await lockfile(),
    dependencies: dependencyVersions(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: { model: processors[0]?.model.trim() ?? 'unknown', count: availableParallelism() },
    memoryBytes: totalmem(),
    engine: { name, version, device: execution.device, workers: execution.workers },
    dataset,
    recipe,
    seed,
  };
}

/** The nearest folder above that exists: `runs/` may not be there yet. */
function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

/** Rooms that no trained model and no number of an evaluation depends on: training and evaluation import nothing of them. */
const NOT_IN_RESULTS =
  /^(api|bundle|cli|config|doctor|exchange|export|onboard|report|runs|serving|testing|workflows\/(check|results|sweep))\//;

let digest: string | undefined;

/** SHA-256 over the program files that decide what a run computes, in the order of their names. */
export function codeDigest(): string {
  if (digest !== undefined) return digest;
  const source = dirname(dirname(fileURLToPath(import.meta.url)));
  const hash = createHash('sha256');
  const files = (readdirSync(source, { recursive: true }) as string[])
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /(?<!\.d)\.[jt]s$/.test(file) && !NOT_IN_RESULTS.test(file))
    .sort();
  for (const file of files) hash.update(`${file}\0${hashBytes(readFileSync(join(source, file)))}\n`);
  digest = hash.digest('hex');
  return digest;
}

/** The lockfile that the program was installed by: the nearest one above its own folder. */
async function lockfile(): Promise<Provenance['lockfile']> {
  const names = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock'];
  for (let folder = packageRoot(); ; folder = dirname(folder)) {
    for (const file of names)
      if (existsSync(join(folder, file))) return { file, sha256: await hashFile(join(folder, file)) };
    if (dirname(folder) === folder) return null;
  }
}

/** Version of each direct dependency as installed, found as Node finds it; absent ones (optional) are left out. */
export function dependencyVersions(): Readonly<Record<string, string>> {
  const own = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const versions: Record<string, string> = {};
  for (const name of Object.keys({ ...own['dependencies'], ...own['optionalDependencies'] }).sort()) {
    for (let folder = packageRoot(); ; folder = dirname(folder)) {
      const manifest = join(folder, 'node_modules', name, 'package.json');
      if (existsSync(manifest)) {
        versions[name] = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
        break;
      }
      if (dirname(folder) === folder) break;
    }
  }
  return versions;
}
