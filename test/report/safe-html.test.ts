// Nothing that is inserted can become markup, whatever it is.
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/printable.js';
import { escapeHtml, html } from '../../src/report/html/safe-html.js';
import { type DrawnNode, serializeSvg } from '../../src/report/html/serialize-svg.js';

const svg = (inside: string, attributes = ''): DrawnNode =>
  parseHTML(`<svg viewBox="0 0 10 20" ${attributes}>${inside}</svg>`).document
    .firstElementChild as unknown as DrawnNode;
const text = { id: 'c', title: 'a < b', description: '"quoted"' };

describe('a template', () => {
  it('escapes what it is given and keeps what is markup already', () => {
    const cell = html`<td title="${'"><script>'}">${'<b>&'}</td>`;
    expect(cell.markup).toBe('<td title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;</td>');
    expect(html`<tr>${[cell, null, undefined, false, 0]}</tr>`.markup).toBe(`<tr>${cell.markup}0</tr>`);
  });

  it('gives back any text, as content and as attribute, with no element in it', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', 'script', '=', '-', '!', ' ') }),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const { document } = parseHTML(html`<p title="${value}">${value}</p>`.markup);
        const paragraph = document.querySelector('p')!;
        const shown = printable(value);
        expect(paragraph.textContent).toBe(shown);
        expect(paragraph.getAttribute('title')).toBe(shown);
        expect(document.querySelectorAll('*')).toHaveLength(1);
      }),
    );
  });

  it('makes control characters visible', () => {
    expect(escapeHtml('a\u0000b\tc\u001b')).toBe('a\\u0000b\tc\\u001b');
  });
});

describe('a drawn chart', () => {
  it('keeps marks, loses styles, and says what it is', () => {
    const drawn = svg(
      '<style>*{}</style><g class="k" aria-label="dot"><circle cx="1.23456" cy="-0.04" r="2"></circle></g>',
    );
    expect(serializeSvg(drawn, text).markup).toBe(
      '<svg viewBox="0 0 10 20" width="10" height="20" role="img" aria-labelledby="c-t c-d" text-anchor="middle" fill="currentColor">' +
        '<title id="c-t">a &lt; b</title><desc id="c-d">&quot;quoted&quot;</desc>' +
        '<g><circle cx="1.2" cy="0" r="2"/></g></svg>',
    );
  });

  it('escapes text in it', () => {
    const drawn = svg('<text x="1">&lt;script&gt;alert(1)&lt;/script&gt;</text>');
    expect(serializeSvg(drawn, text).markup).toContain(
      '<text x="1">&lt;script&gt;alert(1)&lt;/script&gt;</text>',
    );
  });

  it.each([
    ['<script>1</script>', '<script>'],
    ['<image href="x"></image>', '<image>'],
    ['<a href="x"></a>', '<a>'],
    ['<g onclick="1"></g>', 'onclick'],
    ['<g style="fill:red"></g>', 'style'],
    ['<path href="x"></path>', 'href'],
  ])('is refused with %s', (inside, named) => {
    expect(() => serializeSvg(svg(inside), text)).toThrow(named);
  });
});
