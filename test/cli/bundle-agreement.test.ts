// Quickstart, export and verify say the same of how a bundle agrees with its model, and of the members that a kink parts.
import { describe, expect, it } from 'vitest';
import { renderExport } from '../../src/cli/render/export.js';
import { renderQuickstart } from '../../src/cli/render/quickstart.js';
import { renderVerified } from '../../src/cli/render/verify.js';
import { styleFor } from '../../src/cli/terminal/style.js';
import type { ExportRunResult } from '../../src/workflows/export.js';
import { simulatedRun } from '../report/simulated-report.js';

const style = styleFor({ columns: 200, write: () => true }, false, '/');
const { evaluation } = simulatedRun({ curves: false });

type Kinks = NonNullable<ExportRunResult['verified']>['kinks'];

/** What each of the three shows of a bundle of 3,813 vectors, the rows of its table by their titles. */
function shown(kinks: Kinks): Record<'quickstart' | 'export' | 'verify', ReadonlyMap<string, string>> {
  const bundle = {
    hash: 'abc',
    model: 'limaml',
    run: 'r1',
    vectors: 3813,
    maxVectorError: 1.234e-3,
    kinks,
  };
  const verified = { rows: 20_000, maxAbsError: 1.5e-4, vectors: 3813, maxVectorError: 1.234e-3, kinks };
  const exported: ExportRunResult = {
    ...{ run: 'r1', model: 'limaml', bundle: '/bundle', hash: 'abc', entities: 4000, dimensions: 32 },
    ...{ shard: null, files: {}, verified, vectorTypes: null, published: null },
  };
  const quickstart = renderQuickstart(
    {
      dataset: { name: 'synthetic', path: '/prepared', rows: 100_000 },
      ...{ run: 'r1', path: '/run', evaluation: evaluation!, export: exported, seconds: 60 },
    },
    style,
  );
  const alone = { kind: 'bundle', path: '/bundle', refreshed: false, files: 9, ...bundle } as const;
  return {
    quickstart: rowsOf(quickstart),
    export: rowsOf(renderExport(exported, style)),
    verify: rowsOf(renderVerified({ ...alone, againstRun: verified }, style)),
  };
}

const rowsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split('\n').map((line) => line.trim().split(/ {2,}(.*)/s) as [string, string]));

describe.each<[string, Kinks, string]>([
  ['rounding alone', null, ''],
  ['members on a kink', { entities: 3, furthest: 'm7' }, '; 3 members on a kink of the model, "m7" furthest'],
  ['one member on a kink', { entities: 1, furthest: 'm7' }, '; 1 member on a kink of the model, "m7"'],
])('%s', (_, kinks, told) => {
  it('is told by quickstart, export and verify alike', () => {
    const sentence = `20,000 test rows through the files alone, off by 1.5e-4 at most; 3,813 vectors, by 1.2e-3${told}`;
    const { quickstart, export: exported, verify } = shown(kinks);
    expect(quickstart.get('verified')).toBe(sentence);
    expect(exported.get('verified')).toBe(sentence);
    expect(verify.get('run')).toBe(sentence);
    expect(verify.get('vectors')).toBe(
      `3,813 made again of their support rows, off by 1.2e-3 at most${told}`,
    );
  });
});
