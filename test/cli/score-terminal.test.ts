// `limaml score` typed without input must not wait for ever on the keyboard.
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { runMain } from './in-process.js';

it('score at a terminal says that it wants rows', async () => {
  const stdin = Object.assign(new Readable({ read() {} }), { isTTY: true });
  const { code, stdout, stderr } = await runMain(['score', '--bundle', 'bundle'], { stdin });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(
    /^error SCORE_NO_INPUT {2}standard input\n[\s\S]*limaml score --bundle bundle < rows\.csv/,
  );
});
