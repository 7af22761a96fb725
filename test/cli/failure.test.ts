// What a failure says: the family it belongs to, and for a fault of ours what to keep and attach.

import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../src/cli/failure/explain.js';
import { renderFailure } from '../../src/cli/failure/render.js';
import type { Host } from '../../src/cli/terminal/host.js';
import { OutputLost } from '../../src/cli/terminal/output-lost.js';
import { UserError, UserErrors } from '../../src/errors.js';
import { packageVersion } from '../../src/package-root.js';

const ARGV = ['train', 'synthetic', '--seed', '2'];

function printed(error: unknown, debug: boolean): string {
  let text = '';
  const stderr = {
    write: (piece: string) => {
      text += piece;
    },
  };
  const host = { argv: ARGV, stderr, stdout: stderr, env: {} } as unknown as Host;
  renderFailure(explainFailure(error, ARGV), { host, debug, json: false });
  return text;
}

describe('a fault of ours', () => {
  it('says what to keep and attach, and names no address', () => {
    const text = printed(new TypeError('x is not a function'), false);
    expect(explainFailure(new TypeError('x'), ARGV).exitCode).toBe(3);
    for (const part of [
      'error BUG',
      'TypeError: x is not a function',
      'keep the folder of the run',
      'the recipe and the descriptor',
      '--debug',
      `limaml ${packageVersion()}, node ${process.version}, ${process.platform} ${process.arch}`,
      'limaml train synthetic --seed 2',
    ])
      expect(text.replace(/\s+/g, ' ')).toContain(part);
    expect(text).not.toMatch(/https?:|@|github/i);
    expect(text).not.toContain('failure.test.ts');
  });

  it('prints the stack under --debug', () => {
    expect(printed(new TypeError('x is not a function'), true)).toContain('failure.test.ts');
  });
});

it('what several faults have in common to do next is said once, after the last of them', () => {
  const fault = (what: string, next: string): UserError =>
    new UserError({ code: 'A', where: 'x', what, next });
  const faults = [fault('One.', 'Mend it.'), fault('Two.', 'Mend it.'), fault('Three.', 'Leave it.')];
  expect(printed(new UserErrors(faults), false)).toBe(
    ['error A  x', '  One.', 'error A  x', '  Two.', '  Mend it.', 'error A  x', '  Three.', '  Leave it.']
      .concat('3 errors', '')
      .join('\n'),
  );
});

describe('a fault of the machine', () => {
  it('is told by the name that the user knows, with exit code 2', () => {
    const error = Object.assign(new Error('rename'), { code: 'ENOSPC', path: 'out.tmp', dest: 'out' });
    const { exitCode, lines } = explainFailure(error, ARGV);
    expect({ exitCode, code: lines[0]?.code, where: lines[0]?.where }).toEqual({
      exitCode: 2,
      code: 'DISK_FULL',
      where: 'out',
    });
  });

  it.each([
    ['EMFILE', 'TOO_MANY_FILES'],
    ['ENFILE', 'TOO_MANY_FILES'],
    ['EDQUOT', 'DISK_FULL'],
    ['EROFS', 'FILE_NO_PERMISSION'],
    ['EIO', 'FILE_NOT_READABLE'],
    ['ELOOP', 'FILE_NOT_READABLE'],
    ['ENAMETOOLONG', 'FILE_NAME_TOO_LONG'],
  ])('that the system calls %s is %s', (system, code) => {
    const error = Object.assign(new Error('open'), { code: system, path: 'file' });
    expect(explainFailure(error, ARGV)).toMatchObject({ exitCode: 2, lines: [{ code, where: 'file' }] });
  });

  it.each([
    ['IO Error: Cannot open file "a.parquet": Too many open files', 'TOO_MANY_FILES'],
    ['IO Error: Could not write file: No space left on device', 'DISK_FULL'],
    ['IO Error: Cannot open file "a": Read-only file system', 'FILE_NO_PERMISSION'],
    ['libonnxruntime.so: cannot open shared object file: Permission denied', 'FILE_NO_PERMISSION'],
  ])('is known by a library\u2019s words: %s', (words, code) => {
    expect(explainFailure(new Error(words), ARGV)).toMatchObject({ exitCode: 2, lines: [{ code }] });
  });

  it('on standard output ends with 2, unless it is the reader that went away', () => {
    const lost = (code: string, begun: boolean) =>
      explainFailure(new OutputLost(Object.assign(new Error('write'), { code }), begun), ARGV);
    expect(lost('ENOSPC', true)).toMatchObject({
      exitCode: 2,
      lines: [{ code: 'DISK_FULL', where: 'standard output' }],
    });
    expect(lost('EBADF', true)).toMatchObject({ exitCode: 2, lines: [{ code: 'OUTPUT_NOT_WRITTEN' }] });
    expect(lost('EPIPE', true)).toMatchObject({ exitCode: 0, lines: [] });
    expect(lost('EPIPE', false)).toMatchObject({ exitCode: 141, lines: [] });
  });
});
