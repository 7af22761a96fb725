// The machine and what is installed on it: Node, processor, memory, disk, git, data.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { gitState } from '../runs/git.js';
import type { Finding } from './finding.js';

/** Even versions are supported for years; these are the ones the tests run on. */
const TESTED_NODE = [20, 22, 24];

export function nodeFinding(version = process.versions.node): Finding {
  const name = 'Node';
  const major = Number(version.split('.')[0]);
  const tested = TESTED_NODE.join(', ');
  if (major < TESTED_NODE[0]!)
    return { name, state: 'failed', found: version, next: `Install Node ${tested} (nodejs.org).` };
  return TESTED_NODE.includes(major)
    ? { name, state: 'ok', found: version }
    : {
        name,
        state: 'warning',
        found: version,
        next: `limaml is tested on Node ${tested}; this one may work.`,
      };
}

export function processorFinding(): Finding {
  const features = instructionSets();
  const found = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}${features.length > 0 ? `, ${features.join(', ')}` : ''}`;
  // Without AVX2 matrix products run several times slower.
  return process.arch === 'x64' && features.length > 0 && !features.includes('avx2')
    ? { name: 'processor', state: 'warning', found, next: 'Without AVX2 training is slow.' }
    : { name: 'processor', state: 'ok', found };
}

/** What matters for matrix products, where the system tells it (Linux). */
function instructionSets(): readonly string[] {
  if (!existsSync('/proc/cpuinfo')) return [];
  const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  const flags = new Set(line.trim().split(' '));
  return ['avx2', 'fma', 'avx512f', 'avx512_vnni', 'amx_tile', 'asimd', 'sve'].filter((flag) =>
    flags.has(flag),
  );
}

export function memoryFinding(total = totalmem(), free = freemem()): Finding {
  const found = `${gigabytes(free)} of ${gigabytes(total)} free`;
  return total < 3.5e9
    ? {
        name: 'memory',
        state: 'warning',
        found,
        next: 'Prepare with --memory 1000 and train with --workers 1.',
      }
    : { name: 'memory', state: 'ok', found };
}

export async function diskFinding(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  return free < 2e9
    ? {
        name: 'disk',
        state: 'warning',
        found: `${gigabytes(free)} free here`,
        next: 'Prepared data and runs need room: free some, or use --out.',
      }
    : { name: 'disk', state: 'ok', found: `${gigabytes(free)} free here` };
}

export async function gitFinding(folder: string): Promise<Finding> {
  const state = await gitState(folder);
  return state === null
    ? {
        name: 'git',
        state: 'note',
        found: 'no repository here',
        next: 'Runs record the commit when there is one.',
      }
    : {
        name: 'git',
        state: 'ok',
        found: `${state.commit.slice(0, 12)}${state.dirty ? ', with uncommitted changes' : ''}`,
      };
}

export function dataFinding(env: Readonly<Record<string, string | undefined>>): Finding {
  const name = 'raw data';
  const folder = env['LIMAML_DATA'];
  if (folder === undefined || folder === '')
    return {
      name,
      state: 'note',
      found: 'LIMAML_DATA is not set',
      next: 'Set LIMAML_DATA, or name the folder with --data; "synthetic" needs none.',
    };
  if (!existsSync(folder))
    return {
      name,
      state: 'warning',
      found: `LIMAML_DATA names ${folder}, which is not there`,
      next: 'Correct it.',
    };
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return {
    name,
    state: 'ok',
    found: `${folder}: ${
      folders
        .map((entry) => entry.name)
        .sort()
        .join(', ') || 'no folders'
    }`,
  };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
