// What was believed impossible: exit code 3, what to report, and the stack only where it is asked for.
import { expect, it } from 'vitest';
import { runMain } from './in-process.js';

/** A terminal that breaks, which no command expects. */
const broken = () => ({
  stdout: {
    write: () => {
      throw new TypeError('the terminal is gone');
    },
  },
});

it('a fault of ours is told as one', async () => {
  const { code, stderr } = await runMain(['models'], broken());
  expect(code).toBe(3);
  expect(stderr).toMatch(/^error BUG\n {2}TypeError: the terminal is gone\n/m);
  expect(stderr).toContain('limaml models');
  expect(stderr).not.toMatch(/^ +at /m);
  expect((await runMain(['models', '--debug'], broken())).stderr).toMatch(/^ +at .*bug\.test\.ts/m);
});
