// docs/tutorial.md, typed block by block in an empty folder; what it shows is what comes out.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLine } from '../cli/documented-stage.js';
import { ROOT } from '../cli/run-limaml.js';

const BLOCKS = [
  ...readFileSync(join(ROOT, 'docs/tutorial.md'), 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm),
].map(([, language, text]) => ({ language: language!, text: text! }));

let folder: string;
let port: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limaml-tutorial-'));
  // In place of npx: this very build.
  await mkdir(join(folder, 'bin'));
  const npx = join(folder, 'bin/npx');
  await writeFile(
    npx,
    `#!/bin/sh\nshift\nexec '${process.execPath}' '${join(ROOT, 'dist/bin/limaml.js')}' "$@"\n`,
  );
  await chmod(npx, 0o755);
  await mkdir(join(folder, 'empty'));
  port = await freePort();
});
afterAll(() => rm(folder, { recursive: true }));

/** A port that nothing listens on: the one of the page may be taken on this machine. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const HERE = /^npx limaml( [^|&;$]*)?$/;

async function typed(block: string): Promise<string> {
  const lines = block.trimEnd().split('\n');
  // What asks nothing of a shell but its streams needs no process of its own.
  if (!lines.every((line) => HERE.test(line) || /^head [^|&;$]*$/.test(line))) return inShell(block);
  let all = '';
  for (const line of lines) {
    if (!HERE.test(line)) {
      all += await inShell(line);
      continue;
    }
    const { code, said } = await runLine(line.replace(/^npx limaml ?/, ''), join(folder, 'empty'));
    expect({ line, code, said: code === 0 ? '' : said }).toEqual({ line, code: 0, said: '' });
    all += said;
  }
  return all;
}

async function inShell(block: string): Promise<string> {
  const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, HOME: folder };
  const script = `set -e\n${block.replaceAll('8600', String(port))}`;
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], {
    cwd: join(folder, 'empty'),
    env,
  });
  return `${stdout}${stderr}`;
}

/** Numbers, hashes and widths of columns may differ on another machine; words may not. */
const words = (text: string): string =>
  text
    .replace(/^\uFEFF/, '')
    .replace(/\b\d{8}-\d{6}-[\da-f]{6}\b|\b[\da-f]{8,}\b|[−+-]?\d[\d.,]*/g, '#')
    .replace(/─+/g, '─')
    .replace(/ +/g, ' ')
    .trim();

describe('the tutorial', () => {
  it('runs from an empty folder, in order, and shows what comes out', async () => {
    expect(new Set(BLOCKS.map(({ language }) => language))).toEqual(new Set(['sh', 'text']));
    expect(BLOCKS.filter(({ language }) => language === 'sh').length).toBeGreaterThanOrEqual(12);
    let said: readonly string[] = [];
    for (const { language, text } of BLOCKS) {
      if (language === 'sh') {
        said = (await typed(text)).split('\n').map(words);
        continue;
      }
      const shown = text
        .split('\n')
        .map(words)
        .filter((line) => line !== '' && line !== '…');
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter((line) => !said.some((one) => one.includes(line)))).toEqual([]);
    }
  });
});
