// The package as npm would publish it, packed from a copy of this tree that holds what working in a clone leaves behind.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../cli/run-limaml.js';

const run = promisify(execFile);

/** What commands and people leave in a clone, and nobody may get with the package. */
export const LEFT_BEHIND = [
  'experiments/synthetic/runs/20260802-141502-3fa9c1/scores.parquet',
  'experiments/synthetic/runs/20260802-141502-3fa9c1/config.json',
  'experiments/synthetic/runs/20260802-141502-3fa9c1/experiment.yaml',
  'experiments/synthetic/bundle/support.parquet',
  'experiments/synthetic/bundle/expected.json',
  'experiments/synthetic/report.html',
  'experiments/mine/runs/x/checkpoint/model.safetensors',
  'bundle/embeddings.parquet',
  'prepared/synthetic-0123abcd/entities.parquet',
  'datasets/my-log.csv',
  'datasets/raw/events.csv',
  'docs/api/index.html',
  'runs/20260802-141502-3fa9c1/scores.parquet',
  'rejects.csv',
  'limaml-0.0.9.tgz',
  '.env',
];

export interface Packed {
  /** Paths inside the tarball, without the leading `package/`. */
  readonly files: readonly string[];
  readonly tarball: string;
  readonly folder: string;
  remove(): Promise<void>;
}

/** Copies the tree without what git ignores, adds the leftovers and this build, and packs. */
export async function pack(): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), 'limaml-pack-'));
  const { stdout: tracked } = await run(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: ROOT,
      maxBuffer: 2 ** 24,
    },
  );
  const wanted = tracked
    .split('\0')
    .filter((path) => /^(datasets|experiments|docs|schemas|spark)\/|^[^/]+$/.test(path));
  for (const path of wanted.filter((path) => path !== 'node_modules' && path !== ''))
    await cp(join(ROOT, path), join(folder, path), { recursive: true });
  await cp(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const path of LEFT_BEHIND) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), 'of a member');
  }
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--offline'], {
    cwd: folder,
    maxBuffer: 2 ** 24,
  });
  const [{ files, filename }] = JSON.parse(stdout) as [{ files: { path: string }[]; filename: string }];
  return {
    files: files.map(({ path }) => path),
    tarball: join(folder, filename),
    folder,
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Unpacks the tarball into `node_modules` of an otherwise empty folder; what limaml depends on is linked, not downloaded. */
export async function install({
  tarball,
}: Packed): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'limaml-consumer-'));
  const modules = join(path, 'node_modules');
  const own = join(modules, 'limaml');
  await mkdir(own, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', own, '--strip-components=1']);
  for (const name of await readdir(join(ROOT, 'node_modules')))
    if (!name.startsWith('.')) await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  return { path, remove: () => rm(path, { recursive: true }) };
}
