// Narrow terminals: no line of a table or of the help is wider than the terminal, and no word is torn.

import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { buildProgram } from '../../src/cli/program.js';
import { renderEvaluation } from '../../src/cli/render/eval.js';
import { renderRun } from '../../src/cli/render/run.js';
import { renderRuns } from '../../src/cli/render/runs.js';
import type { Host } from '../../src/cli/terminal/host.js';
import { type Style, styleFor } from '../../src/cli/terminal/style.js';
import { pairs, table } from '../../src/cli/terminal/table.js';
import { wrap } from '../../src/cli/terminal/wrap.js';
import { simulatedRun } from '../report/simulated-report.js';

const styleOf = (columns: number, colours = false): Style =>
  styleFor({ columns, write: () => true }, colours);

/** Lines that are too wide, but for those with a path or the like, which is one long word. */
const tooWide = (text: string, width: number): readonly string[] =>
  text
    .split('\n')
    .filter((line) => stringWidth(line) > width && !line.split(/\s+/).some((word) => word.length > 48));

async function helpOf(line: readonly string[], columns: number): Promise<string> {
  let text = '';
  const write = (part: string): boolean => {
    text += part;
    return true;
  };
  const host = { stdout: { columns, write } } as unknown as Host;
  await buildProgram(COMMANDS, host, () => {})
    .parseAsync([...line, '--help'], { from: 'user' })
    .catch(() => undefined);
  return text;
}

describe.each([60, 80, 100])('at %i columns', (width) => {
  const run = simulatedRun();

  it.each([[], ...COMMANDS.map(({ name }) => [name]), ['runs', 'show'], ['runs', 'export']])(
    'the help fits: %s',
    async (...line) => {
      const text = await helpOf(line, width);
      expect(text).toContain('Usage: limaml');
      expect(tooWide(text, width)).toEqual([]);
      const wide = await helpOf(line, 100);
      // Backslashes join the lines of an example.
      const words = (of: string): readonly string[] => of.split(/\s+/).filter((word) => word !== '\\');
      expect(words(text)).toEqual(words(wide));
    },
  );

  it('an evaluation fits', () => {
    const text = renderEvaluation(run.evaluation!, styleOf(width), true);
    expect(tooWide(text, width)).toEqual([]);
    for (const word of ['limaml', 'widedeep', 'better', 'entities']) expect(text).toContain(word);
  });

  it('the list of runs fits, and says what it leaves out', () => {
    const listed = {
      ...run,
      dataHash: 'f'.repeat(64),
      overrides: [],
      valid: {},
      test: { auc: 0.742 },
      comparedWith: [],
      tags: ['production'],
      note: 'the first that held',
      fields: { 'model.inner.steps': 3 },
    };
    const text = renderRuns(
      { runs: [listed], unread: [], selected: 1, all: 1, where: [], sort: undefined },
      styleOf(width),
    );
    expect(tooWide(text, width)).toEqual([]);
    expect(text).toContain(run.id);
    expect(text).toContain('0.7420');
    if (width === 80) expect(text).toContain('no room for:');
  });

  it('one run fits', () => {
    expect(tooWide(renderRun(run, styleOf(width)), width)).toEqual([]);
  });
});

describe('a table that is too wide', () => {
  const columns = [
    { title: 'name' },
    { title: 'mean loss', align: 'right' as const },
    { title: 'time', align: 'right' as const, optional: true },
    { title: 'what it is' },
  ];
  const rows = [
    ['deep', '0.5', '3 s', 'the shared block alone'],
    ['limaml', '12.25', '10 s', 'learns to adapt'],
  ];
  const lines = (width: number) => table(columns, rows, styleOf(width)).split('\n');

  it('breaks titles, then texts, between words', () => {
    expect(lines(40).slice(0, 2)).toEqual(['         mean', 'name     loss  time  what it is']);
    expect(lines(34)).toEqual([
      '         mean',
      'name     loss  time  what it is',
      '─'.repeat(32),
      'deep      0.5   3 s  the shared',
      '                     block alone',
      'limaml  12.25  10 s  learns to',
      '                     adapt',
    ]);
  });

  it('then leaves out what is optional, and says so', () => {
    const text = lines(22);
    expect(text.at(-1)).toBe('no room for: time');
    expect(text[1]).toBe('name     loss  is');
  });

  it('then shows a block for each row', () => {
    expect(lines(16).slice(0, 3)).toEqual([
      'name deep',
      '  mean loss   0.5',
      '  what it is  the shared block',
    ]);
  });

  it('counts wide characters and colours as what is seen', () => {
    const style = styleOf(80, true);
    const text = table(
      [{ title: '名前' }, { title: 'n' }],
      [
        [style.chalk.red('漢字漢字'), '1'],
        ['é', '2'],
      ],
      style,
    );
    const [, , first, second] = text.split('\n');
    expect(stringWidth(first!)).toBe(11);
    expect(stringWidth(second!)).toBe(11);
    expect(wrap('漢字 漢字 漢字', 9)).toEqual(['漢字 漢字', '漢字']);
    expect(
      pairs(
        [
          ['名', 'a'],
          ['name', 'b'],
        ],
        styleOf(80),
      ),
    ).toBe('名    a\nname  b');
  });
});
