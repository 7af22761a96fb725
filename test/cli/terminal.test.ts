// What the terminal gets: colours only where they belong, one updating line, pipes that may close.

import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { duration } from '../../src/amounts.js';
import { bytes, count, decimal, interval, signed } from '../../src/cli/terminal/number.js';
import { coloursFor, styleFor } from '../../src/cli/terminal/style.js';
import { table } from '../../src/cli/terminal/table.js';
import { wrap } from '../../src/cli/terminal/wrap.js';
import { runMain } from './in-process.js';
import { limaml, ROOT } from './run-limaml.js';

const ESCAPE = '\u001b';

describe('colours', () => {
  const terminal = { write: () => true, isTTY: true };
  const pipe = { write: () => true };
  it.each([
    [terminal, {}, true],
    [pipe, {}, false],
    [terminal, { NO_COLOR: '1' }, false],
    [terminal, { NO_COLOR: '' }, true],
    [terminal, { TERM: 'dumb' }, false],
    [pipe, { FORCE_COLOR: '1' }, true],
    [pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [terminal, { FORCE_COLOR: '0' }, false],
  ])('%j with %j: %s', (stream, env, expected) => {
    expect(coloursFor(stream, env)).toBe(expected);
  });

  it('are forced into a pipe, kept out of it, and never in JSON', async () => {
    const forced = { FORCE_COLOR: '1' };
    expect((await limaml(['models'], { env: forced })).stdout).toContain(ESCAPE);
    expect((await runMain(['models'])).stdout).not.toContain(ESCAPE);
    expect((await runMain(['models', '--json'], { env: forced })).stdout).not.toContain(ESCAPE);
    expect((await runMain(['models', 'x'], { env: forced })).stderr).toContain(`${ESCAPE}[31merror`);
    expect((await runMain(['models', 'x'], { env: { NO_COLOR: '1' } })).stderr).not.toContain(ESCAPE);
  });
});

describe('a table', () => {
  it('aligns numbers to the right, rules off its head, and breaks the last column at the width', () => {
    const style = { ...styleFor({ write: () => true }, false), width: 40 };
    const text = table(
      [{ title: 'name' }, { title: 'AUC', align: 'right' }, { title: 'remark' }],
      [
        ['deep', '0.5', 'a remark that is longer than the line'],
        ['limaml', '12.25', 'short'],
      ],
      style,
    );
    expect(text.split('\n')).toEqual([
      'name      AUC  remark',
      '─'.repeat(38),
      'deep      0.5  a remark that is longer',
      '               than the line',
      'limaml  12.25  short',
    ]);
  });
});

describe('numbers', () => {
  it('have fixed decimals, grouped thousands and a sign where they are differences', () => {
    expect([decimal(0.5), decimal(null), signed(0.01), signed(-0.01), signed(0), count(1234567)]).toEqual([
      '0.5000',
      '–',
      '+0.0100',
      '-0.0100',
      '+0.0000',
      '1,234,567',
    ]);
    expect([interval(-0.0303, -0.00002), interval(0.01, 0.02)]).toEqual([
      '[-0.03030, -0.00002]',
      '[+0.0100, +0.0200]',
    ]);
    expect([0.26, 9.94, 59, 59.97, 185, 3599.6, 7800].map(duration)).toEqual([
      '0.3 s',
      '9.9 s',
      '59 s',
      '1 min 00 s',
      '3 min 05 s',
      '1 h 00 min',
      '2 h 10 min',
    ]);
    expect([812, 3400, 1_234_567_890].map(bytes)).toEqual(['812 B', '3.4 kB', '1.2 GB']);
  });
});

describe('prose', () => {
  it('is broken between words, keeps its own line breaks and their indentation', () => {
    expect(wrap('one two three\n  four five', 12, '> ')).toEqual([
      '> one two',
      '> three',
      '>   four',
      '>   five',
    ]);
    expect(wrap('unbreakableword', 5)).toEqual(['unbreakableword']);
  });
});

describe('a reader that has seen enough', () => {
  it('ends the program without an error', async () => {
    const child = spawn(
      'sh',
      ['-c', `"${process.execPath}" dist/bin/limaml.js models limaml --json | head -n 1`],
      { cwd: ROOT },
    );
    let text = '';
    let errors = '';
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
    });
    child.stderr.on('data', (part: Buffer) => {
      errors += part.toString();
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, text, errors }).toEqual({ code: 0, text: '{\n', errors: '' });
  });
});
