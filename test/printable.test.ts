// What a value of the data may do to a terminal or a page: nothing. It is shown, and read back from JSON, as what it is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIo } from '../src/cli/terminal/create-io.js';
import type { Host } from '../src/cli/terminal/host.js';
import { decidingDigits, digitsApart } from '../src/deciding-digits.js';
import { printable, printableTree } from '../src/printable.js';
import { html } from '../src/report/html/safe-html.js';

const RED = '\u001b[31mred\u001b[0m';
const HOSTILE = `${RED}\u0007\u009b2J\u202eabc\u2066\r`;
const SHOWN = String.raw`\u001b[31mred\u001b[0m\u0007\u009b2J\u202eabc\u2066\u000d`;

function shown(json: boolean, value: unknown, render: (value: unknown) => string): string {
  let text = '';
  const write = (part: string): boolean => {
    text += part;
    return true;
  };
  const host = { stdout: { write }, stderr: { write }, env: {}, cwd: '', now: () => new Date(0) };
  const io = createIo(host as unknown as Host, { json, quiet: false, onShow: () => {} });
  if (!json) io.progress({ kind: 'note', text: HOSTILE });
  io.show(value, render);
  io.close();
  return text;
}

describe('a hostile value', () => {
  it('is shown escaped by progress and results, keys included', () => {
    const text = shown(false, { [HOSTILE]: [HOSTILE] }, (value) =>
      JSON.stringify(Object.entries(value as object)),
    );
    expect(text.split(SHOWN).length - 1).toBe(1); // progress; JSON doubled the backslashes of the rest
    expect(printableTree({ [HOSTILE]: [HOSTILE, { at: HOSTILE }] })).toEqual({
      [SHOWN]: [SHOWN, { at: SHOWN }],
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
  });

  it('reads back from JSON as it was', () => {
    const text = shown(true, { value: HOSTILE }, () => '');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
    expect(JSON.parse(text)).toEqual({ value: HOSTILE });
  });

  it('is shown escaped in a page', () => {
    expect(html`<p title="${HOSTILE}">${HOSTILE}</p>`.markup).toBe(`<p title="${SHOWN}">${SHOWN}</p>`);
  });

  it('is all that is changed: other text stays, line breaks and tabs with it', () => {
    expect(printable('naïve 漢字 🙂\n\tשלום')).toBe('naïve 漢字 🙂\n\tשלום');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => printable(printable(text)) === printable(text)),
    );
  });
});

describe('decimals', () => {
  it('are as many as show on which side of 0 an interval ends', () => {
    expect(decidingDigits([-0.0303, -0.00002])).toBe(5);
    expect(decidingDigits([-0.0303, -0.000004])).toBe(6);
    expect(decidingDigits([-0.01, 0.03])).toBe(4);
    expect(decidingDigits([0, 0.03])).toBe(4);
    expect(decidingDigits([null, undefined])).toBe(4);
    expect(decidingDigits([1e-300, 1])).toBe(12);
  });

  it('are as many as tell a p-value from its limit', () => {
    expect(digitsApart(0.0498, 0.05, 3)).toBe(4);
    expect(digitsApart(0.05, 0.05, 3)).toBe(3);
    expect(digitsApart(0.012, 0.05, 3)).toBe(3);
  });
});
