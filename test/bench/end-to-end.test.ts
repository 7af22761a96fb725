// The benchmark from raw files to a test AUC: what it refuses before anything runs.
import { expect, it } from 'vitest';
import { benchEndToEnd } from '../../bench/end-to-end/bench.js';

const places = { root: '.', built: 'dist/bench' };
const note = (text: string): never => {
  throw new Error(`begins with ${text}`);
};

it.each([
  [['kuairand', 'tensorflow'], '/raw', 'BENCH_BAD_FLAG', '"tensorflow"'],
  [['kuairand'], undefined, 'BENCH_NO_DATA', 'LIMAML_DATA'],
])('refuses %j with data in %s', async (only, data, code, words) => {
  const refused = benchEndToEnd({ only, data, places, note });
  await expect(refused).rejects.toMatchObject({ code });
  await expect(refused).rejects.toThrow(words);
});

it('begins with the first log, model and engine named', async () => {
  const begun = benchEndToEnd({ only: ['torch', 'kuairand'], data: '/raw', places, note });
  await expect(begun).rejects.toThrow('begins with kuairand, widedeep: torch');
});
