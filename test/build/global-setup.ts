// Around all tests: before them a dist/ that is what the sources say, after them no file of theirs left.
import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { buildIfStale } from './fresh-build.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Set in this process while its tests are under way: each project of vitest's comes here. */
const UNDER_WAY = Symbol.for('limaml-tests-under-way');

export default function setup(project: TestProject): (() => void) | undefined {
  const state = globalThis as { [UNDER_WAY]?: boolean };
  if (state[UNDER_WAY]) return undefined;
  state[UNDER_WAY] = true;
  buildIfStale(ROOT);
  // Under --watch, too.
  project.onTestsRerun(() => {
    buildIfStale(ROOT);
  });
  // What tests and the programs they start leave behind, killed ones too, lies in one folder, which goes with the run.
  const { TMPDIR } = process.env;
  const folder = mkdtempSync(join(TMPDIR ?? inMemory() ?? tmpdir(), 'limaml-tests-'));
  process.env['TMPDIR'] = folder;
  return () => {
    delete state[UNDER_WAY];
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}

/** Linux's folder in memory, where files are made and removed several times as quickly as on a disk; undefined where it is missing or small. */
function inMemory(): string | undefined {
  const folder = '/dev/shm';
  const enough = 2 ** 31;
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= enough ? folder : undefined;
  } catch {
    return undefined;
  }
}
