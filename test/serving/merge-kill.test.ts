// `limaml merge` killed at any moment: what lay there before is whole, and a second call writes what an undisturbed one does.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashBytes } from '../../src/hash.js';
import { silent } from '../../src/progress.js';
import { mergeParts } from '../../src/serving/merge-parts.js';
import { ROOT } from '../cli/run-limaml.js';
import { type SmallExport, smallExport } from './small-export.js';

let small: SmallExport;
const at = (...names: readonly string[]): string => join(small.folder.path, ...names);
const content = (path: string): Readonly<Record<string, string>> =>
  Object.fromEntries(readdirSync(path).map((name) => [name, hashBytes(readFileSync(join(path, name)))]));

beforeAll(async () => {
  small = await smallExport();
  for (const index of [0, 1]) await small.exported(at(`part${index}`), 8, { index, of: 2 });
});
afterAll(() => small.folder.remove());

/** A process that merges, and kills itself so many milliseconds after it began; without a number it says how long it took. */
function merging(out: string, killAfterMs?: number) {
  const module = pathToFileURL(join(ROOT, 'dist/src/serving/merge-parts.js')).href;
  const program = `import { mergeParts } from ${JSON.stringify(module)};
    const request = ${JSON.stringify({ parts: [at('part0'), at('part1')], outDirectory: out })};
    const began = performance.now();
    const killAfterMs = ${killAfterMs ?? 'undefined'};
    if (killAfterMs !== undefined) setTimeout(() => process.kill(process.pid, 'SIGKILL'), killAfterMs);
    await mergeParts({ ...request, progress: () => {} });
    if (killAfterMs === undefined) console.log(performance.now() - began);
    else process.kill(process.pid, 'SIGKILL');`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
}

it('leaves nothing half-written, wherever it is killed', async () => {
  const tookMs = Number(merging(at('whole')).stdout);
  expect(tookMs).toBeGreaterThan(0);
  const [whole, siblings] = [content(at('whole')), readdirSync(small.folder.path)];
  const moments = Array.from({ length: 8 }, (_, n) => ((n + 0.5) / 8) * tookMs);
  for (const [n, moment] of moments.entries()) {
    // Into a new place, and over a bundle that serves: one of another type of vectors.
    const out = at('merged');
    if (n % 2 === 1) await small.exported(out, 8, undefined, 'int8');
    const before = n % 2 === 1 ? content(out) : undefined;
    expect(merging(out, moment).signal).toBe('SIGKILL');
    if (existsSync(out)) expect([before, whole]).toContainEqual(content(out));
    else expect(before).toBeUndefined();
    await mergeParts({ parts: [at('part0'), at('part1')], outDirectory: out, progress: silent });
    expect(content(out)).toEqual(whole);
    rmSync(out, { recursive: true });
    expect(readdirSync(small.folder.path)).toEqual(siblings);
  }
});
