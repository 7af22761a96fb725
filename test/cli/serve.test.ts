// `limaml serve` as a process: it says where it serves, answers, and ends when asked to.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { canServe } from '../serving/live/served.js';
import { runMain } from './in-process.js';
import { ROOT } from './run-limaml.js';

it.skipIf(!canServe)('serves until SIGTERM, and answers what is under way', async () => {
  const program = join(ROOT, 'dist', 'bin', 'limaml.js');
  const child = spawn(process.execPath, [program, 'serve', '--bundle', BUNDLE, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.trimEnd().endsWith('}')) resolve((JSON.parse(said) as { address: string }).address);
    });
    child.once('close', () => reject(new Error(`ended: ${said}`)));
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const rows = [{ entity: 'm1', item: 'f3', price: 12 }];
  const ask = () =>
    fetch(`${address}/score`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows }),
    });
  expect((await ask()).status).toBe(200);
  const underWay = ask();
  await new Promise((done) => setTimeout(done, 20));
  child.kill('SIGTERM');
  expect((await underWay).status).toBe(200);
  expect(await ended).toBe(143);
});

it('asks for a bundle', async () => {
  expect(await runMain(['serve', '--quiet'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error USAGE_MISSING_FLAG {2}limaml serve/),
  });
});
