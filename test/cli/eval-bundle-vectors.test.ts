// `limaml eval --bundle --vectors`: what storing vectors in fewer bytes costs is what a bundle that was exported so shows.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MEMBERS, type SmallExport, smallExport } from '../serving/small-export.js';
import { runMain } from './in-process.js';

const DAY = 1_700_000_000;
let small: SmallExport;
beforeAll(async () => {
  small = await smallExport();
  for (const type of ['float32', 'float16', 'int8'] as const)
    await small.exported(join(small.folder.path, type), 64, undefined, type);
  // Three rows of each member, and of two that are new: theirs is the prior.
  const lines = Array.from(
    { length: 3 * (MEMBERS + 2) },
    (_, n) => `m${n % (MEMBERS + 2)},i${(n * 5) % 8},${DAY + 60 * n},${(n * 7) % 3 === 0 ? 1 : 0}`,
  );
  writeFileSync(join(small.folder.path, 'day2.csv'), `${['user,item,time,label', ...lines].join('\n')}\n`);
});
afterAll(() => small.folder.remove());

const run = (bundle: string, ...flags: readonly string[]) =>
  runMain(
    [
      ...['eval', '--bundle', bundle, '--events', 'day2.csv', '--quiet'],
      ...['--set', 'evaluation.bootstrap.replicates=200', ...flags],
    ],
    { cwd: small.folder.path },
  );

interface Verdict {
  readonly vectors: { readonly type: string; readonly bytes: number };
  readonly models: readonly {
    readonly model: string;
    readonly metrics: Record<string, { readonly value: number }>;
  }[];
  readonly comparisons: readonly {
    readonly metric: string;
    readonly baseline: string;
    readonly delta: number;
  }[];
}

async function verdict(bundle: string, ...flags: readonly string[]): Promise<Verdict> {
  const { code, stdout, stderr } = await run(bundle, '--json', ...flags);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Verdict;
}

it.each([
  ['float16', 'none'],
  ['int8', 'none'],
  ['int8', 'event'],
])('%s, refresh %s: every metric is that of the bundle that was exported so', async (type, refresh) => {
  const compared = await verdict('float32', '--vectors', type, '--refresh', refresh);
  const { models, vectors } = await verdict(type, '--refresh', refresh);
  expect(compared.vectors.type).toBe('float32');
  expect(vectors.type).toBe(type);
  expect(compared.models.map(({ model }) => model)).toEqual([
    expect.stringMatching(/^limaml \w{6}( event)?$/),
    ...(refresh === 'none' ? [] : [expect.stringMatching(/ as it is$/)]),
    expect.stringMatching(new RegExp(`^limaml \\w{6} as ${type}$`)),
  ]);
  const stored = compared.models.at(-1)!;
  expect(Object.keys(stored.metrics)).toContain('auc');
  expect(stored.metrics).toEqual(models[0]!.metrics);
  // Rounded, so that this was no comparison of a bundle with itself.
  expect(stored.metrics['logLoss']).not.toEqual(compared.models[0]!.metrics['logLoss']);
  expect(
    compared.comparisons.filter(({ metric }) => metric === 'auc').map(({ baseline }) => baseline),
  ).toContain(stored.model);
});

it('is refused where nothing would be told by it, and of a run', async () => {
  const refused = [
    ['float32', 'float32', /^error EVAL_VECTORS {2}\S*float32\n {2}Its vectors are float32 already\.\n/],
    ['int8', 'int8', /^error EVAL_VECTORS .*\n {2}Its vectors are int8 already\.\n/],
    [
      'int8',
      'float16',
      /^error EVAL_VECTORS .*\n {2}.*already: what float16 would have kept of them is gone/,
    ],
  ] as const;
  for (const [bundle, type, pattern] of refused)
    expect(await run(bundle, '--vectors', type)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(pattern),
    });
  expect(await runMain(['eval', 'latest', '--vectors', 'int8'], { cwd: small.folder.path })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error USAGE {2}limaml eval\n {2}--vectors is for a bundle/),
  });
});
