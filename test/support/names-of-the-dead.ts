// What a process that is dead by now would have left behind.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { ROOT } from '../cli/run-limaml.js';

const COMPILED = pathToFileURL(join(ROOT, 'dist', 'src', 'temporary-names.js')).href;

/** Temporary names that a process made which is dead by now. */
export function namesOfTheDead(path: string): { tmp: string; old: string; work: string } {
  const script = `import { temporaryNames } from ${JSON.stringify(COMPILED)};
    const name = temporaryNames(process.argv[1]);
    console.log(JSON.stringify({ tmp: name('tmp'), old: name('old'), work: name('work') }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script, path], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as ReturnType<typeof namesOfTheDead>;
}
