// docs/serving.md: its Node.js code runs as printed and gives the probability that the page shows; Python's is in the fixture.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BUNDLE_FILES } from '../../src/bundle/format/files.js';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { runMain } from '../cli/in-process.js';
import { ROOT } from '../cli/run-limaml.js';

const page = readFileSync(join(ROOT, 'docs', 'serving.md'), 'utf8');

describe('docs/serving.md', () => {
  it('scores one row alike from Node.js and on the command line', async () => {
    const code = /```js\n([\s\S]*?)```/.exec(page)![1]!;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
      cwd: ROOT,
    });
    const [, header, row] = /```\n(entity,.*)\n(m1,.*)\n```/.exec(page)!;
    const input = /printf '(.*)' \|/.exec(page)![1]!.replaceAll('\\n', '\n');
    const scored = await runMain(['score', '--bundle', BUNDLE], { stdin: input });
    expect(scored.stdout).toBe(`${header}\n${row}\n`);
    const shown = Number(row!.split(',').at(-1));
    expect(Math.abs(Number(/\[ (.*) \]/.exec(stdout)![1]) - shown)).toBeLessThan(1e-6);
  });

  it('names every file of a bundle', () => {
    const files = Object.values(BUNDLE_FILES);
    expect(files).toHaveLength(11);
    expect(files.filter((file) => !page.includes(`\`${file}\``))).toEqual([]);
  });
});
