// `limaml score` on the committed bundle: what is unknown, what is wrong, and rows that never end.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../src/cli/failure/explain.js';
import { loadSession } from '../../src/runtime/onnxruntime.js';
import { scoreRows } from '../../src/serving/score-rows.js';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { runMain } from '../cli/in-process.js';
import { type Outcome, ROOT } from '../cli/run-limaml.js';

const HEADER = 'entity,item,genre,tags,year,price';

const score = (lines: readonly string[], flags: readonly string[] = []): Promise<Outcome> =>
  runMain(['score', '--bundle', BUNDLE, ...flags], { stdin: `${lines.join('\n')}\n` });

/** Scores within this process. */
async function within(lines: readonly string[], batchRows = 4096) {
  let output = '';
  const counted = await scoreRows({
    folder: BUNDLE,
    input: Readable.from([lines.map((line) => `${line}\n`).join('')], { objectMode: false }),
    batchRows,
    lookup: false,
    format: 'json-lines',
    write: async (text) => {
      output += text;
    },
  });
  return { output, counted };
}

/** Probabilities of rows that must be scored. */
async function probabilities(lines: readonly string[], batchRows?: number): Promise<number[]> {
  const { output, counted } = await within(lines, batchRows);
  const scored = output.trimEnd().split('\n');
  expect(counted.rows).toBe(scored.length);
  return scored.map((line) => (JSON.parse(line) as { probability: number }).probability);
}

describe('rows', () => {
  it('come back as they were, in order, with a probability at the end', async () => {
    const lines = [
      `note,${HEADER}`,
      '"a, ""b""",m1,f3,comedy,loud,1983,2.5',
      'é,m2,f4,drama,slow|loud,1984,',
    ];
    const { code, stdout, stderr } = await score(lines);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.replace(/,0\.\d+$/, ',0.p'))).toEqual([
      `${lines[0]},probability`,
      `${lines[1]},0.p`,
      `${lines[2]},0.p`,
      '',
    ]);
    expect(stderr).toMatch(/^score .*\n {2}2 rows scored\n$/);
  });

  it('of an entity without a stored embedding take the prior, and are counted', async () => {
    const row = 'f3,comedy,loud,1983,2.5';
    const { stdout, stderr } = await score([HEADER, `m1,${row}`, `nobody,${row}`, `,${row}`]);
    expect(stderr).toMatch(/3 rows scored\n {2}2 of them with the prior: their entity has no stored/);
    const [known, nobody, empty] = stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',').at(-1)));
    expect(nobody).toBe(empty);
    expect(Math.abs(known! - nobody!)).toBeGreaterThan(1e-3);

    // By hand: score.onnx with the vector of prior.json.
    const { vector } = JSON.parse(readFileSync(join(BUNDLE, 'prior.json'), 'utf8')) as { vector: number[] };
    const session = await loadSession(join(BUNDLE, 'score.onnx'));
    const { probability } = await session.run({
      item: { data: ['f3'], shape: [1] },
      genre: { data: ['comedy'], shape: [1] },
      tags: { data: ['loud'], shape: [1, 1] },
      year: { data: Float64Array.of(1983), shape: [1] },
      price: { data: Float64Array.of(2.5), shape: [1] },
      vector: { data: Float32Array.from(vector), shape: [1, 4] },
    });
    await session.dispose();
    expect(Math.abs((probability!.data as Float32Array)[0]! - nobody!)).toBeLessThan(1e-7);
  });

  it('bring features of an unknown entity to its prior', async () => {
    const [without, young, old] = await probabilities([
      `${HEADER},age,town`,
      'nobody,f3,comedy,loud,1983,2.5,,',
      'nobody,f3,comedy,loud,1983,2.5,21,rome',
      'nobody,f3,comedy,loud,1983,2.5,55,rome',
    ]);
    expect(new Set([without, young, old]).size).toBe(3);
  });

  it('may hold texts that were never learned, and missing values', async () => {
    const [western, none, unknown, noItem, tags, noTags, asked, noPrice] = await probabilities([
      HEADER,
      'm1,f3,western,loud,1983,2.5',
      'm1,f3,,loud,1983,2.5',
      'm1,f99,comedy,loud,1983,2.5',
      'm1,,comedy,loud,1983,2.5',
      'm1,f3,comedy,brand|new,1983,2.5',
      'm1,f3,comedy,,1983,2.5',
      'm1,f3,comedy,loud,1983,?',
      'm1,f3,comedy,loud,1983,',
    ]);
    expect([western, unknown, tags, asked]).toEqual([none, noItem, noTags, noPrice]);
    expect(new Set([none, noItem, noTags, noPrice]).size).toBe(4);
  });

  it('of items that the tables do not know are counted where their features are looked up', async () => {
    const short = ['entity,item,price', 'm1,f3,2.5', 'm1,f99,2.5', 'nobody,f98,2.5', 'm1,f4,2.5', 'm1,,2.5'];
    const told = async (lines: readonly string[]): Promise<string> =>
      (await score(lines, ['--lookup', '--batch', '2'])).stderr;
    expect(await told(short)).toMatch(
      /5 rows scored\n.*\n {2}genre, tags, year taken .*\n {2}3 of them without genre, tags, year: the tables have nothing of their item\n$/,
    );
    expect(await told(short.slice(0, 2))).toMatch(/1 row scored\n {2}genre, tags, year taken .*\n$/);
  });

  it('are scored alike in batches of any size', async () => {
    const lines = [
      HEADER,
      ...Array.from({ length: 25 }, (_, i) => `m${i + 1},f${(i % 9) + 1},drama,,19${80 + i},${i}`),
    ];
    const whole = await probabilities(lines);
    expect(whole).toHaveLength(25);
    const single = await probabilities(lines, 1);
    whole.forEach((probability, i) => {
      expect(Math.abs(probability - single[i]!)).toBeLessThan(1e-6);
    });
  });

  it('may be none at all', async () => {
    expect(await score([HEADER], ['--quiet'])).toEqual({
      code: 0,
      stdout: `${HEADER},probability\n`,
      stderr: '',
    });
  });
});

describe('wrong input', () => {
  it.each([
    [[], /^error SCORE_NO_HEADER {2}standard input\n/],
    [
      ['entity,item,gnere,tags,year,price'],
      /^error SCORE_COLUMN_MISSING {2}standard input:1\n {2}There is no column "genre"\. Closest: "gnere"\.\n.*--lookup/,
    ],
    [['item,genre,tags,year'], /"entity"[\s\S]*"price"/],
    [[`${HEADER},year`], /^error SCORE_COLUMN_TWICE .*\n.*two columns "year"/],
    [[`${HEADER},probability`], /^error SCORE_COLUMN_TAKEN /],
    [
      [HEADER, 'm1,f3,"a\nb",,1983,1', '', 'm1,f3,,,198O,1'],
      /^error ROWS_BAD_VALUE {2}standard input:5 › year\n {2}"198O" is not a number\./,
    ],
    [[HEADER, 'm1,f3,,,0x10,1'], /^error ROWS_BAD_VALUE .*:2 › year\n {2}"0x10"/],
    [[HEADER, 'm1,f3,,,1983,1e999'], /^error ROWS_BAD_VALUE .*:2 › price\n/],
    [
      [HEADER, 'm1,f3,,,1983,1', 'm1,f3,,'],
      /^error SCORE_RAGGED_ROW {2}standard input:3 › year\n {2}The row has 4 fields and the header 6/,
    ],
    [[HEADER, 'm1,f3,,,1983,1,2'], /^error SCORE_RAGGED_ROW {2}standard input:2 › column 7\n/],
    [[HEADER, 'm1,"f3,,,1983,1'], /^error ROWS_BAD_CSV {2}standard input:\d+\n/],
  ])('%j is refused', async (lines, pattern) => {
    const failure = explainFailure(await within(lines).catch((error: unknown) => error), []);
    expect(failure.exitCode).toBe(2);
    const told = failure.lines.map(({ code, where, what, next }) =>
      [`error ${code}  ${where}`, what, next].join('\n  '),
    );
    expect(`${told.join('\n')}\n`).toMatch(pattern);
  });

  it('after whole batches leaves those on standard output', async () => {
    const { code, stdout, stderr } = await score(
      [HEADER, 'm1,f3,,,1983,1', 'm2,f3,,,1983,1', 'm3,f3,,,1983,x'],
      ['--batch', '2', '--json'],
    );
    expect({ code, rows: stdout.trimEnd().split('\n').length }).toEqual({ code: 2, rows: 2 });
    expect(stderr).toMatch(/ROWS_BAD_VALUE.*:4 › price/);
  });
});

describe('rows without end', () => {
  function* endless(): Generator<string> {
    yield `${HEADER}\n`;
    for (;;) yield 'm1,f3,comedy,loud,1983,2.5\n'.repeat(100);
  }

  it('are read no further than the reader of the scores wants', async () => {
    let pieces = 0;
    const counted = function* (): Generator<string> {
      for (const piece of endless()) {
        pieces++;
        yield piece;
      }
    };
    let written = 0;
    const full = new Error('enough');
    const request = {
      folder: BUNDLE,
      input: Readable.from(counted(), { objectMode: false }),
      batchRows: 500,
      lookup: false,
      format: 'csv' as const,
      write: async () => {
        if (++written === 4) throw full;
      },
    };
    await expect(scoreRows(request)).rejects.toBe(full);
    expect(pieces).toBeGreaterThanOrEqual(20);
    expect(pieces).toBeLessThan(200);
  });

  it('end quietly when the reader has left', async () => {
    const program = join(ROOT, 'dist', 'bin', 'limaml.js');
    const child = spawn(process.execPath, [program, 'score', '--bundle', BUNDLE, '--quiet'], {
      stdio: 'pipe',
    });
    let errors = '';
    child.stderr.on('data', (part: Buffer) => {
      errors += part.toString();
    });
    child.stdin.on('error', () => undefined); // the program leaves before the rows end
    Readable.from(endless()).pipe(child.stdin);
    const line = await new Promise<string>((resolve) => {
      child.stdout.once('data', (part: Buffer) => {
        child.stdout.destroy();
        resolve(part.toString().split('\n')[0]!);
      });
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ line, code, errors }).toEqual({ line: `${HEADER},probability`, code: 0, errors: '' });
  });
});
