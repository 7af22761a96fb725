// Lost streams through the real program: words may be lost, results not in silence; and never with the code of a failed check or a bug.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROOT } from './run-limaml.js';

const LIMAML = `"${process.execPath}" "${ROOT}/dist/bin/limaml.js"`;

/** The exit code of a pipeline's first command. */
const FIRST = ['$', '{PIPESTATUS[0]}'].join('');

/** Exit code of limaml in a shell's pipeline, and what it said on standard error where that is left. */
function shell(line: string): { readonly code: number; readonly stderr: string } {
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', line.replaceAll('limaml', LIMAML).replace('FIRST', FIRST)],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  return { code: Number(stdout.trim().split('\n').at(-1)), stderr };
}

it('a reader of standard error that goes away changes nothing', () => {
  const { code } = shell('limaml models 2>&1 >/dev/null | true; echo FIRST');
  expect(code).toBe(0);
  expect(shell('limaml train nothing-of-this-name 2>&1 | true; echo FIRST').code).toBe(2);
});

it('a reader of standard output that goes away leaves the code of the work', () => {
  const { code, stderr } = shell('limaml models | true; echo FIRST');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it.skipIf(!existsSync('/dev/full'))('a full standard output is a fault of the machine, told', () => {
  const { code, stderr } = shell('limaml models > /dev/full; echo $?');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error DISK_FULL {2}standard output\n/);
  expect(stderr).not.toMatch(/\n\s+at /);
});

it.skipIf(!existsSync('/dev/full'))('a full standard error only silences', () => {
  expect(shell('limaml models >/dev/null 2>/dev/full; echo $?').code).toBe(0);
});

it('too few file handles are told, whether the program can be loaded or not', () => {
  const codes = new Set<number>();
  // Below 22, Node.js itself does not start. Up to 20 it opens modules side by side, and is short of handles while it loads the program;
  // later it opens one after the other, and only the work is: here, the threads of a preparation.
  const prepares = 'prep synthetic --dry-run';
  for (const [most, command] of [
    [22, prepares],
    [26, 'runs'],
    [48, 'runs'],
  ] as const) {
    const { code, stderr } = shell(`ulimit -n ${most}; limaml ${command} > /dev/null; echo $?`);
    codes.add(code);
    if (code !== 0) expect(stderr).toMatch(/^error TOO_MANY_FILES/m);
  }
  expect(codes.has(2)).toBe(true);
  expect([...codes].filter((code) => code !== 0 && code !== 2)).toEqual([]);
});
