// Growth by length of the log is named for what was measured, and the rows to score are the first of the log.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { growthOf, growthSentence } from '../../bench/scale/growth.js';
import { rowsToScore } from '../../bench/scale/rows-to-score.js';
import { scaleFigure } from '../../bench/scale/scale-figure.js';
import { scalePage } from '../../bench/scale/scale-page.js';
import { type ScaleRow, STAGES, USUAL } from '../../bench/scale/scale-row.js';
import { benchScale } from '../../bench/scale.js';

/** Every stage with processor time events^1.2 and memory events^0.3, and a second of wall time. */
const at = (events: number): ScaleRow[] =>
  STAGES.map((stage) => ({
    events,
    shape: USUAL,
    stage,
    run: { seconds: 1, cpuSeconds: (events / 1e6) ** 1.2, peakMb: 100 * (events / 1e6) ** 0.3 },
  }));

describe('growth', () => {
  it('is that between the two longest logs of the usual shape, and no fit is claimed', () => {
    const other = at(10_000_000).map((row) => ({ ...row, shape: { ...USUAL, moreFeatures: 10 } }));
    const level = at(1_000_000).map((row) => ({ ...row, events: 100_000 }));
    const rows = [...at(10_000_000), ...other, ...level, ...at(1_000_000)];
    const growth = growthOf(rows);
    expect(growth.map(({ stage, from, to }) => [stage, from, to])).toEqual(
      STAGES.map((stage) => [stage, 1_000_000, 10_000_000]),
    );
    for (const { timePower, memoryPower } of growth)
      expect([timePower, memoryPower]).toEqual([expect.closeTo(1.2, 10), expect.closeTo(0.3, 10)]);
    expect(growthSentence(growth[0]!)).toBe(
      'prep, 1 M to 10 M events: processor time × 15.85 (more than linear, events^1.20), peak memory × 2.00 (not flat, events^0.30)',
    );
    expect(
      growthSentence({ ...growth[0]!, time: 10, timePower: 1, memory: 1.1, memoryPower: 0.04 }),
    ).toContain('× 10.00 (linear or less), peak memory × 1.10 (flat)');
    const page = scalePage(rows, '2026-01-31');
    expect(page).toContain('Recorded on 2026-01-31.');
    expect(page.split('\n').filter((line) => line.startsWith('| ')).length).toBe(1 + rows.length);
    expect(page).toContain('| 10.00 | 500,000 | 12 | prep | 1.0 | 15.8 | 1.58 | 200 |');
    expect(scaleFigure(rows).match(/<svg /g)?.length).toBe(3);
  });

  it('is not told of one length', () => {
    expect(growthOf(at(1_000_000))).toEqual([]);
    expect(scalePage(at(1_000_000), '2026-01-31')).toContain('nothing is said about growth');
  });
});

it('rows to score are the header and the first rows, across pieces of the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'limaml-scale-'));
  const lines = ['a,b', ...Array.from({ length: 20_000 }, (_, i) => `${i},x`)];
  writeFileSync(join(folder, 'events.csv'), `${lines.join('\n')}\n`);
  const read = async (rows: number): Promise<string> => readFileSync(await rowsToScore(folder, rows), 'utf8');
  expect(await read(15_000)).toBe(`${lines.slice(0, 15_001).join('\n')}\n`);
  expect(await read(3)).toBe('a,b\n0,x\n1,x\n2,x\n');
  rmSync(folder, { recursive: true });
});

it('goes on with the stage that failed, and measures nothing twice', async () => {
  const root = mkdtempSync(join(tmpdir(), 'limaml-scale-'));
  const [built, folder] = [join(root, 'bench'), join(root, 'logs')];
  for (const part of [join(built, 'prep'), join(root, 'bin'), folder]) mkdirSync(part, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  const usage = `import { writeFileSync } from 'node:fs';
    writeFileSync(process.env.LIMAML_BENCH_USAGE, '{ "peakMb": 10, "cpuSeconds": 2 }');`;
  writeFileSync(join(built, 'prep', 'used-resources.js'), usage);
  const program = (exportCode: number): void =>
    writeFileSync(
      join(root, 'bin', 'limaml.js'),
      `import { mkdirSync } from 'node:fs';
      const made = { prep: 'prepared', train: 'runs', export: 'bundle' }[process.argv[2]];
      if (made !== undefined) mkdirSync(made);
      if (made === 'bundle') process.exit(${exportCode});`,
    );
  const notes: string[] = [];
  const bench = () => {
    notes.length = 0;
    const note = (text: string): void => void notes.push(text.replace(/^.*: /, ''));
    return benchScale({ rows: [2_000_000], folder, write: false, root, built, note });
  };
  // A log as made: of that length, it would take seconds.
  mkdirSync(join(folder, '2000000-events-100000-members-2-features'));
  writeFileSync(join(folder, '2000000-events-100000-members-2-features', 'rows.csv'), 'a\n');
  program(1);
  await expect(bench()).rejects.toThrow('limaml export left with 1');
  expect(notes).toEqual(['prep', 'train', 'export']);
  program(0);
  expect((await bench()).rows.map(({ stage, run }) => [stage, run.peakMb])).toEqual(
    STAGES.map((stage) => [stage, 10]),
  );
  expect(notes).toEqual(['export', 'score']);
  expect(readdirSync(folder)).toEqual(['scale-rows.json']);
  expect((await bench()).rows).toHaveLength(STAGES.length);
  expect(notes).toEqual([]);
  rmSync(root, { recursive: true });
});
